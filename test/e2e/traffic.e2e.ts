import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { GatewayClient, inferPath } from "../../cli/gateway-client";
import { randomInputs } from "../../cli/up/proof-inputs";
import {
  MODEL,
  SERVICE,
  VERSION,
  assertLossless,
  inBackground,
  must,
  readStatus,
  reset,
  targetOf,
  underLoad,
  untilWeights,
  weightsOf,
} from "../../bench/traffic/stage";
import { TrafficLoad } from "../../bench/traffic/traffic-load";
import { readOutputs, readToken, slipway } from "../support/slipway";
import { greenIsLive } from "./support/live-slot";
import { rateOf } from "./support/thorough";

const RATE = rateOf(200, 80);
/** Streams stay with the server that they began on. */
const REQUESTS = ["http1", "http2", "grpc"] as const;

/** Which versions answer requests that are sent from now on; proxies hear of a change within moments. */
async function versionsFromNow(load: TrafficLoad): Promise<string[]> {
  const from = load.now() + 500;
  await sleep(2_500);
  const { byVersion } = await load.report({ from, transports: REQUESTS });
  return Object.keys(byVersion);
}

describe("traffic switching on the running stack", function () {
  this.timeout(300_000);
  before(reset);
  after(reset);

  it("tells of both slots, what they run and who is live", async () => {
    const { strategy, live, slots, drift } = await readStatus();
    assert.equal(strategy, "canary");
    assert.equal(live, "blue");
    assert.deepEqual(drift, []);
    for (const slot of ["blue", "green"] as const) {
      const { digest, ready, models } = slots[slot];
      assert.match(digest, /^sha256:[0-9a-f]{64}$/);
      assert.equal(ready, true);
      assert.deepEqual(
        models.map(({ name, version }) => [name, version]),
        [[MODEL, VERSION[slot]]],
      );
    }
    assert.deepEqual([slots.blue.weight, slots.green.weight], [100, 0]);
  });

  it("answers from either slot where its header is sent, and asks for a token all the same", async () => {
    for (const slot of ["blue", "green"] as const) {
      const load = await TrafficLoad.start({
        target: await targetOf({ "slipway-slot": slot }),
        rate: 40,
        transports: [...REQUESTS],
      });
      await sleep(1_500);
      const report = await load.stop();
      assert.deepEqual(report.troubles, []);
      assert.deepEqual(Object.keys(report.byVersion), [VERSION[slot]], slot);
    }
    const client = new GatewayClient(await readOutputs());
    try {
      const body = JSON.stringify({ inputs: randomInputs(MODEL) });
      const answer = await client.call(inferPath(MODEL), { body, headers: { "slipway-slot": "green" } });
      assert.equal(answer.status, 401);
    } finally {
      await client.close();
    }
  });

  it("answers for each version by its path, whoever is live", async () => {
    const client = new GatewayClient(await readOutputs());
    try {
      const token = await readToken();
      const body = JSON.stringify({ inputs: randomInputs(MODEL) });
      for (const version of Object.values(VERSION)) {
        const answer = await client.call(inferPath(MODEL, version), { token, body });
        assert.equal(answer.status, 200, answer.text);
        assert.equal((JSON.parse(answer.text) as { model_version: string }).model_version, version);
      }
    } finally {
      await client.close();
    }
  });

  it("promotes and rolls back without one failed or wrong answer", async () => {
    const report = await underLoad({ rate: RATE }, async (load) => {
      await must("promote", SERVICE, "--reason", "a test");
      const promoted = await readStatus();
      assert.deepEqual(weightsOf(promoted), { blue: 0, green: 100 });
      assert.equal(promoted.live, "green");
      assert.deepEqual(await versionsFromNow(load), [VERSION.green]);

      await must("rollback", SERVICE, "--reason", "a test");
      const rolledBack = await readStatus();
      assert.equal(rolledBack.live, "blue");
      assert.deepEqual(weightsOf(rolledBack), { blue: 100, green: 0 });
      assert.deepEqual(await versionsFromNow(load), [VERSION.blue]);
    });
    assertLossless(report);
  });

  it("walks the steps of a canary, sends the shares that it says, and promotes", async () => {
    const report = await underLoad({ rate: RATE, transports: [...REQUESTS] }, async (load) => {
      const rollout = inBackground("rollout", SERVICE, "--keep-warm", "--reason", "a test");
      const weights = await untilWeights(({ green }) => green > 0 && green < 100);
      await sleep(1_000);
      const from = load.now();
      await sleep(6_000);
      if (weightsOf(await readStatus()).green === weights.green) {
        const { byVersion } = await load.report({ from });
        const [five, six] = [byVersion[VERSION.blue] ?? 0, byVersion[VERSION.green] ?? 0];
        const [n, p] = [five + six, weights.green / 100];
        const sigma = Math.sqrt(n * p * (1 - p));
        assert.ok(Math.abs(six - n * p) <= 4 * sigma, `${six} of ${n} answers at ${weights.green} %`);
      }
      const [status] = await rollout.ended;
      assert.equal(status, 0, rollout.said());
      assert.equal((await readStatus()).live, "green");
    });
    assertLossless(report);
  });

  it("is left as it is by another `up`", async () => {
    await greenIsLive();
    const { stdout } = await must("up");
    assert.match(stdout, /0 to change, \d+ unchanged/);
    assert.equal((await readStatus()).live, "green");
    await must("rollback", SERVICE, "--reason", "after a test");
  });

  it("keeps a record that verifies, of who moved what and why", async () => {
    const { stdout } = await must("record", SERVICE);
    assert.match(stdout, /promoted +blue 100 → 0 %, green 0 → 100 %, green live; .+: a test\n/);
    assert.match(stdout, /rolled-back +blue 0 → 100 %, green 100 → 0 %, blue live; .+: a test\n/);
    const { stderr } = await must("record", SERVICE, "--verify");
    assert.match(stderr, /The record of voice is whole: \d+ entries/);
  });

  for (const [what, args, message] of [
    ["a service that is not there", ["promote", "vioce"], /vioce.*voice/],
    ["a service without slots", ["status", "text"], /`?text`?/],
  ] as const) {
    it(`says what is wrong: ${what}`, async () => {
      const { status, stderr } = await slipway([...args]);
      assert.notEqual(status, 0);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }
});
