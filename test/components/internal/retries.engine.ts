import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { backendTrafficPolicy } from "../../../components/internal/traffic-policy";
import { ROUTE_DEFAULTS } from "../../../components/traffic/service-route";
import { EnvoyStage } from "./support/real-envoy";

/** Milliseconds between requests. */
const PACE_MS = 10;
const DEAD_MS = 1_500;
const NOTICED_MS = 10_000;

describe("the gateway's retries, with a real Envoy", () => {
  let stage: EnvoyStage;
  afterEach(() => stage.close());
  const given = async (servers: number) => {
    stage = await EnvoyStage.start(backendTrafficPolicy("HTTPRoute", ["r"], ROUTE_DEFAULTS), servers);
  };

  it("let a request that kills its servers have four of them, and no more", async () => {
    await given(5);
    assert.equal(await stage.ask("/poison"), 503);
    // Servers that were killed are noticed one by one, on a busy machine late.
    for (const deadline = Date.now() + NOTICED_MS; stage.alive > 1 && Date.now() < deadline;) await sleep(50);
    await sleep(500);
    assert.equal(stage.alive, 1);
  });

  it("answer every client whose request never reached a server", async () => {
    await given(3);
    await stage.killServer(0);
    const answers = Array.from({ length: 100 }, async (_, i) => {
      await sleep(i * PACE_MS);
      return stage.ask("/");
    });
    assert.deepEqual(new Set(await Promise.all(answers)), new Set([200]));
  });

  it("lose no client that tries once more while servers die and come back", async () => {
    await given(3);
    const answers: Promise<number>[] = [];
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        answers.push(stage.ask("/").then((status) => (status === 200 ? status : stage.ask("/"))));
        await sleep(PACE_MS);
      }
    })();
    for (const victim of [0, 1]) {
      await stage.killServer(victim);
      await sleep(DEAD_MS);
      await stage.startServer(victim);
      // Left alone for a second, then for two: as long as that it gets nothing.
      await sleep(2 * DEAD_MS);
    }
    isOver = true;
    await load;
    const all = await Promise.all(answers);
    assert.deepEqual(
      all.filter((status) => status !== 200),
      [],
    );
    assert.ok(all.length > 300, `only ${all.length} requests`);
  });
});
