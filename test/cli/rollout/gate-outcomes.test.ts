import assert from "node:assert/strict";
import { promote } from "../../../cli/rollout/promote";
import { goBack } from "../../../cli/rollout/retreat";
import { walk } from "../../../cli/rollout/walk";
import type { Gate } from "../../../rollout/declaration";
import type { GateOutcome, Verdict } from "../../../rollout/outcome";
import { rolloutsOf } from "../../../rollout/record/page/rollouts";
import { FakeWorld } from "./support/fake-desk";
import { NAMESPACE } from "./support/fake-service";

const digest = `sha256:${"1".repeat(64)}`;
const gates: readonly Gate[] = [
  { kind: "quality", name: "labelled-set", model: "ocr", dataset: "set", metric: "accuracy", threshold: 0.8 },
  { kind: "job", name: "own-check", image: `registry.example.com/check@${digest}` },
];

describe("gates that ran as Jobs, in the record", () => {
  let world: FakeWorld;
  beforeEach(() => {
    world = new FakeWorld({ strategy: { kind: "canary", stepWeights: [10], interval: 4 }, gates });
  });
  afterEach(() => world.end());

  const quality = (verdict: Verdict, value: number): GateOutcome => ({
    gate: "labelled-set",
    verdict,
    value,
    min: 0.8,
    reason: `accuracy is ${value}, at least 0.8 as it must be`,
  });
  const pod = (gate: string, exitCode: number, message: string, rollout = "text") =>
    world.api.put({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `${rollout}-gate-${gate}`,
        namespace: NAMESPACE,
        labels: { "slipway.dev/rollout": rollout, "slipway.dev/gate": gate },
      },
      status: {
        containerStatuses: [
          { state: { terminated: { exitCode, message, reason: exitCode === 0 ? "Completed" : "Error" } } },
        ],
      },
    });
  const settings = {
    why: "release 5",
    signal: new AbortController().signal,
    measure: async () => [],
    keepWarm: true,
  };
  const own: GateOutcome = {
    gate: "own-check",
    verdict: "passed",
    value: null,
    reason: "its container ended (Completed, exit status 0): 12 of 12 right",
  };

  it("stand in the entry of the switch that they allowed, and in no other", async () => {
    world.onUpdate = () => {
      pod("own-check", 0, "12 of 12 right");
      pod("labelled-set", 0, JSON.stringify(quality("passed", 0.91)));
      pod("labelled-set", 1, JSON.stringify(quality("failed", 0.1)), "other");
      pod("gone", 1, "a gate that is not declared any more");
    };
    assert.equal((await walk(world.desk(), settings)).result, "promoted");
    assert.deepEqual(
      world.entries.map(({ action, gates: said }) => [action, said]),
      [
        ["rollout-started", [quality("passed", 0.91), own]],
        ["step", []],
        ["promoted", []],
      ],
    );
    await goBack(world.desk(), "rollback", "bad answers", world.now);
    assert.deepEqual(world.entries.at(-1)!.gates, []);
  });

  it("stand in the entry of a promotion that no rollout led to", async () => {
    world.onUpdate = () => void pod("labelled-set", 0, JSON.stringify(quality("passed", 0.91)));
    await promote(world.desk(), "by hand", async () => []);
    assert.deepEqual(
      world.entries.map(({ action, gates: said }) => [action, said]),
      [["promoted", [quality("passed", 0.91)]]],
    );
  });

  it("stand in an entry of their own where they refused the switch", async () => {
    const refuse = () => {
      pod("labelled-set", 1, JSON.stringify(quality("failed", 0.71)));
      throw new Error("gate `labelled-set` failed");
    };
    world.onUpdate = refuse;
    assert.equal((await walk(world.desk(), settings)).result, "failed");
    world.now += 60_000;
    await assert.rejects(
      promote(world.desk(), "by hand", async () => []),
      /gate `labelled-set` failed/,
    );
    const all = { blue: 100, green: 0 };
    for (const entry of world.entries) {
      assert.deepEqual(
        [entry.action, entry.live, entry.from, entry.to, entry.gates],
        ["refused", "blue", all, all, [quality("failed", 0.71)]],
      );
    }
    assert.deepEqual(
      world.entries.map(({ why }) => why),
      ["release 5", "by hand"],
    );
    assert.equal(world.entries.length, 2);
    assert.equal(rolloutsOf(world.entries).length, 2, "each is a rollout that ended");
  });

  it("leave no entry where the update failed for another reason", async () => {
    world.onUpdate = () => {
      pod("labelled-set", 0, JSON.stringify(quality("passed", 0.91)));
      throw new Error("the engine broke");
    };
    await walk(world.desk(), settings);
    world.onUpdate = () => {
      // Of an attempt an hour ago.
      const { metadata, ...old } = pod("labelled-set", 1, JSON.stringify(quality("failed", 0.71)));
      const creationTimestamp = new Date(world.now - 3_600_000).toISOString();
      world.api.put({ ...old, metadata: { ...metadata, creationTimestamp } as typeof metadata });
      throw new Error("the engine broke");
    };
    await walk(world.desk(), settings);
    assert.deepEqual(world.entries, []);
  });

  it("do not hold up a switch where they may not be read", async () => {
    const desk = world.desk();
    const list = desk.cluster.list.bind(desk.cluster);
    desk.cluster.list = async (kind, namespace, selector) => {
      if (kind === "Pod") throw new Error("pods is forbidden");
      return list(kind, namespace, selector);
    };
    assert.equal((await walk(desk, settings)).result, "promoted");
    assert.deepEqual(world.notes, ["What the gates' Jobs said is not in the record: pods is forbidden."]);
  });
});
