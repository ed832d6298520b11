import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { SERVICE, reset, underLoad } from "../../bench/traffic/stage";
import { dashboards } from "../../dashboards";
import { PrometheusApi } from "../../dashboards/pictures/prometheus-api";
import { expressionsOf, filledIn } from "../dashboards/support/expressions";
import { readOutputs } from "../support/slipway";

/** Prometheus looks every 15 s, and a rate needs two looks. */
const PATIENCE_MS = 90_000;
const VARIABLES = { namespace: "slipway", rollout: SERVICE };
/**
 * Dashboards of what the local stack does not have: GPUs, and models with a baseline or feedback. `test/dashboards/stage.e2e.ts` asks
 * every one of these queries, and those below, where there is something to see.
 */
const OF_OTHERS = new Set(["gpu", "drift"]);
/** Panels about what the local stack does not do; each says so itself where it has no series. */
const ELSEWHERE = new Set([
  // Nothing is copied to a comparator.
  "Answers that differ",
  "Distance of the distributions",
  "Answers without a partner",
  // No model asks for it.
  "Response cache",
  "Rows a run that adaptive batching allows",
  "Time that adaptive batching waits for company",
  "Failed requests, by the objective's count",
  "Slow requests, by the objective's count",
  // There is no kube-state-metrics.
  "Paid for and not used, an hour",
  "Cores reserved",
  "Reserved cores that are used",
  "Memory reserved",
  // There are no GPUs.
  "Idle GPU-hours",
  "GPUs held and busy",
  "Idle GPUs",
  "Requests a GPU-hour",
]);
/** Series that begin with the first event. */
const WITH_THE_FIRST = new Set([
  "Refused",
  "Refused for want of room",
  "Cold loads and evictions",
  "Workers that died",
  "Alerts now",
  "Alerts over time",
]);

describe("the dashboards' queries, asked of the running Prometheus", function () {
  this.timeout(PATIENCE_MS + 60_000);

  it("give series, all but those of what the local stack does not do", async () => {
    await reset();
    const { prometheus } = await readOutputs();
    const api = new PrometheusApi(prometheus);
    let waiting = Object.keys(dashboards).flatMap((name) =>
      expressionsOf(dashboards[name]!()).map((each) => ({ ...each, name })),
    );
    await underLoad({ rate: 20 }, async () => {
      for (const deadline = Date.now() + PATIENCE_MS; waiting.length > 0; await sleep(2_000)) {
        const answers = await Promise.all(waiting.map(({ expr }) => api.instant(filledIn(expr, VARIABLES))));
        waiting = waiting.filter(
          ({ name, panel }, i) =>
            answers[i]!.length === 0 &&
            !OF_OTHERS.has(name) &&
            !ELSEWHERE.has(panel) &&
            !WITH_THE_FIRST.has(panel),
        );
        assert.ok(
          Date.now() < deadline,
          waiting.map(({ name, panel, expr }) => `${name}, ${panel}: ${expr}`).join("\n"),
        );
      }
    });
  });
});
