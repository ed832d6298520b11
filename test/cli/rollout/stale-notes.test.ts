import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { look, type Desk } from "../../../cli/rollout/desk";
import { promote } from "../../../cli/rollout/promote";
import { goBack } from "../../../cli/rollout/retreat";
import { reportOf } from "../../../cli/rollout/status-report";
import { walk } from "../../../cli/rollout/walk";
import { FakeWorld, Killed } from "./support/fake-desk";
import { weightsIn } from "./support/fake-service";

const OUTDATED =
  "the configuration here is from before what bo@laptop did last (`rolled-back`, entry 5 of the record): take the one that was written then";

describe("a machine whose walk was killed, after another one went back", () => {
  let world: FakeWorld;
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "slipway-elsewhere-"))));
  afterEach(() => {
    world.end();
    rmSync(dir, { recursive: true, force: true });
  });

  const elsewhere = (): Desk => {
    const here = process.env.SLIPWAY_STATE_DIR;
    process.env.SLIPWAY_STATE_DIR = dir;
    try {
      return { ...world.desk(), by: "bo@laptop", exclusively: (_name, work) => work() };
    } finally {
      process.env.SLIPWAY_STATE_DIR = here;
    }
  };

  /** The walk had promoted green and waited to let blue go. */
  const given = async () => {
    world = new FakeWorld({
      strategy: { kind: "canary", stepWeights: [10, 50], interval: 10, scaleDownDelay: 30 },
    });
    const desk = world.desk();
    desk.clock.sleep = async (ms) => {
      world.now += ms;
      if (weightsIn(world.api)[0]!.green === 100) throw new Killed();
    };
    const settings = { why: "release 5", signal: new AbortController().signal, measure: async () => [] };
    await assert.rejects(walk(desk, settings), Killed);
    await goBack(elsewhere(), "rollback", "customers call", world.now);
  };
  const assertBlue = () => {
    for (const weights of weightsIn(world.api)) assert.deepEqual(weights, { blue: 100, green: 0 });
  };

  it("does not send traffic to the slot again that it was taken from", async () => {
    await given();
    assert.deepEqual(await goBack(world.desk(), "rollback", "me too", world.now), {
      kind: "nothing",
      sentence:
        "all traffic of `text` is on blue and nothing was promoted since: there is nothing to go back to",
    });
    assertBlue();
  });

  it("goes back to the slot that is live where somebody moved the weights by hand since", async () => {
    await given();
    for (const kind of ["HTTPRoute", "GRPCRoute"] as const) {
      for (const route of world.api.all(kind)) {
        const text = JSON.stringify(route).replaceAll('"weight":100', '"weight":60');
        world.api.put(JSON.parse(text.replaceAll('"weight":0', '"weight":40')) as typeof route);
      }
    }
    await goBack(world.desk(), "rollback", "by hand", world.now);
    assertBlue();
  });

  it("begins nothing with a configuration from before that", async () => {
    await given();
    const settings = { why: "release 6", signal: new AbortController().signal, measure: async () => [] };
    const message = `${OUTDATED}; \`slipway status text\` shows what is so`;
    await assert.rejects(walk(world.desk(), settings), { message });
    await assert.rejects(
      promote(world.desk(), "release 6", async () => []),
      { message },
    );
    assertBlue();
  });

  it("is told by `status` who is live and that its configuration is too old", async () => {
    await given();
    const desk = world.desk();
    const { live, inProgress, drift } = reportOf(desk.rollout, await look(desk));
    assert.deepEqual([live, inProgress, drift], ["blue", null, [OUTDATED]]);
  });

  it("goes on with a configuration that was written since", async () => {
    await given();
    const { store } = elsewhere();
    const here = world.desk();
    here.store.write("text", store.read().text!);
    here.store.noteHead("text", store.headOf("text")!);
    const done = await promote(world.desk(), "release 6", async () => []);
    assert.equal(done.kind, "done");
    assert.equal(weightsIn(world.api)[0]!.green, 100);
  });
});
