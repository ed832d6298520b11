import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { SERVICE, reset, underLoad } from "../../bench/traffic/stage";
import { dashboards } from "../../dashboards";
import { expressionsOf, filledIn } from "../dashboards/support/expressions";
import { readOutputs } from "../support/slipway";

/** Prometheus looks every 15 s, and a rate needs two looks. */
const PATIENCE_MS = 90_000;
const VARIABLES = { namespace: "slipway", rollout: SERVICE };
/** Panels about what the local stack does not do; each says so itself where it has no series. */
const ELSEWHERE = new Set([
  "Answers that differ",
  "Distance of the distributions",
  "Answers without a partner",
  "Response cache",
]);
/** Series that begin with the first event. */
const WITH_THE_FIRST = new Set(["Refused", "Cold loads and evictions", "Workers that died"]);

interface Reply {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: readonly unknown[] };
}

describe("the dashboards' queries, asked of the running Prometheus", function () {
  this.timeout(PATIENCE_MS + 60_000);

  it("give series, all but those of what the local stack does not do", async () => {
    await reset();
    const { prometheus } = await readOutputs();
    const ask = async (expr: string): Promise<Reply> => {
      const url = new URL("/api/v1/query", prometheus);
      url.searchParams.set("query", filledIn(expr, VARIABLES));
      const { body } = await request(url);
      return (await body.json()) as Reply;
    };
    let waiting = Object.keys(dashboards).flatMap((name) =>
      expressionsOf(dashboards[name]!()).map((each) => ({ ...each, name })),
    );
    await underLoad({ rate: 20 }, async () => {
      for (const deadline = Date.now() + PATIENCE_MS; waiting.length > 0; await sleep(2_000)) {
        const replies = await Promise.all(waiting.map(({ expr }) => ask(expr)));
        replies.forEach(({ status, error }, i) =>
          assert.equal(status, "success", `${waiting[i]!.panel}: ${error}`),
        );
        waiting = waiting.filter(
          ({ panel }, i) =>
            replies[i]!.data.result.length === 0 && !ELSEWHERE.has(panel) && !WITH_THE_FIRST.has(panel),
        );
        assert.ok(
          Date.now() < deadline,
          waiting.map(({ name, panel, expr }) => `${name}, ${panel}: ${expr}`).join("\n"),
        );
      }
    });
  });
});
