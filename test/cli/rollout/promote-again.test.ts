import assert from "node:assert/strict";
import { promote } from "../../../cli/rollout/promote";
import type { Gate, Strategy } from "../../../rollout/declaration";
import type { GateOutcome } from "../../../rollout/outcome";
import { FakeWorld } from "./support/fake-desk";
import { weightsIn } from "./support/fake-service";

const errors: Gate = { kind: "errorRate", name: "errors" };
const canary: Strategy = { kind: "canary" };
const traffic = { live: "blue", weights: { blue: 90, green: 10 }, mirror: 0, standby: "warm" } as const;
const passed: GateOutcome = {
  gate: "errors",
  verdict: "passed",
  value: 0.1,
  reason: "the error rate is 0.1 %",
};
const silent: GateOutcome = {
  gate: "errors",
  verdict: "inconclusive",
  value: null,
  reason: "the live slot's cannot be told, so the error rate has nothing to compare with",
};

describe("promote after it was cut off", () => {
  let world: FakeWorld;
  afterEach(() => world.end());

  /** Promotes and is killed before deed number `at`. @returns false where it came to its end */
  const killedAt = async (at: number): Promise<boolean> => {
    world = new FakeWorld({ strategy: canary, gates: [errors], traffic });
    const desk = world.desk(at);
    try {
      await promote(desk, "CHG-1", async () => [passed]);
      return false;
    } catch (error) {
      if (desk.deeds() < at) throw error;
      return true;
    }
  };
  const isMoved = () => weightsIn(world.api).every(({ green }) => green === 100);

  it("measures nothing again once all traffic moved: live has none left to compare with", async () => {
    let found = 0;
    for (let at = 1; await killedAt(at); at++) {
      const isUnrecorded = isMoved() && world.entries.length === 0;
      if (isUnrecorded) {
        found++;
        const { kind } = await promote(world.desk(), "CHG-1", async () => [silent]);
        assert.equal(kind, "done");
        const [entry] = world.entries;
        assert.deepEqual([entry!.action, entry!.gates], ["promoted", [passed]]);
      }
      world.end();
    }
    assert.ok(found > 0);
  });

  it("measures again where traffic has not moved yet", async () => {
    for (let at = 1; await killedAt(at); at++) {
      const isWhole = weightsIn(world.api).every(({ green }) => green === 10);
      if (isWhole && world.journal.read()?.command === "promote") {
        await assert.rejects(
          promote(world.desk(), "CHG-1", async () => [silent]),
          {
            message: `gate \`errors\` of \`text\`: ${silent.reason}`,
          },
        );
        return;
      }
      world.end();
    }
    assert.fail("never cut off between its journal and its update");
  });
});
