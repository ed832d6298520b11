import assert from "node:assert/strict";
import { look, type Desk } from "../../../cli/rollout/desk";
import { promote } from "../../../cli/rollout/promote";
import { goBack } from "../../../cli/rollout/retreat";
import { reportOf } from "../../../cli/rollout/status-report";
import { walk } from "../../../cli/rollout/walk";
import type { WalkSettings } from "../../../cli/rollout/walk-end";
import type { Strategy } from "../../../rollout/declaration";
import type { ArmReader } from "../../../rollout/experiment/arm-reading";
import { proportion } from "../../../rollout/experiment/observations";
import { candidateShare } from "../../../rollout/traffic-state";
import { FakeWorld } from "./support/fake-desk";
import { weightsIn } from "./support/fake-service";

const settings: WalkSettings = {
  why: "release 5",
  signal: new AbortController().signal,
  measure: async () => [],
};
const canary: Strategy = {
  kind: "canary",
  stepWeights: [10, 50],
  interval: 4,
  affinity: true,
  scaleDownDelay: 4,
};

type Run = (desk: Desk) => Promise<unknown>;
const COMMANDS: Record<string, Run> = {
  rollout: (desk) => walk(desk, settings),
  promote: (desk) => promote(desk, "by hand", settings.measure),
  rollback: (desk) => goBack(desk, "rollback", "by hand", 0),
  abort: (desk) => goBack(desk, "abort", "by hand", 0),
};

/** Where a command begins: nothing going on, a canary that was stopped at 10 %, a promotion done before. */
const BEGINNINGS: Record<string, (world: FakeWorld) => Promise<void>> = {
  "a service at rest": async () => {},
  "a canary at 10 %": async (world) => {
    const stop = new AbortController();
    world.onSleep = () => stop.abort();
    const end = await walk(world.desk(), { ...settings, signal: stop.signal });
    assert.equal(end.result, "interrupted");
    world.onSleep = () => {};
    assert.deepEqual(weightsIn(world.api)[0], candidateShare("blue", 10));
  },
  "a promotion": async (world) => {
    await promote(world.desk(), "by hand", settings.measure);
  },
};

const CASES = [
  ["rollout", "a service at rest"],
  ["rollout", "a canary at 10 %"],
  ["promote", "a service at rest"],
  ["promote", "a canary at 10 %"],
  ["rollback", "a canary at 10 %"],
  ["rollback", "a promotion"],
  ["abort", "a canary at 10 %"],
] as const;

async function worldOf(beginning: string): Promise<FakeWorld> {
  const world = new FakeWorld({ strategy: canary });
  await BEGINNINGS[beginning]!(world);
  return world;
}

/** Runs the command until it is killed before its deed number `at`. @returns false where it came to its end before */
async function killedAt(world: FakeWorld, command: string, at: number): Promise<boolean> {
  const desk = world.desk(at);
  try {
    await COMMANDS[command]!(desk);
    return false;
  } catch (error) {
    // What a dead program would have said, nobody hears.
    if (desk.deeds() < at) throw error;
    return true;
  }
}

async function assertStatusIsRight(world: FakeWorld): Promise<void> {
  const desk = world.desk();
  const report = reportOf(desk.rollout, await look(desk));
  const real = weightsIn(world.api);
  assert.deepEqual({ blue: report.slots.blue.weight, green: report.slots.green.weight }, real[0]);
  // What a cut off command explains is no difference, and what it was doing is said.
  const isMixed = real.some(({ blue }) => blue !== real[0]!.blue);
  if (isMixed) assert.ok(report.inProgress, "routes that disagree belong to something that is going on");
  assert.deepEqual(report.drift, [], JSON.stringify(report.inProgress));
}

function assertSettled(world: FakeWorld, live: "blue" | "green"): void {
  const all = live === "blue" ? { blue: 100, green: 0 } : { blue: 0, green: 100 };
  for (const weights of weightsIn(world.api)) assert.deepEqual(weights, all);
  assert.equal(world.declared?.live, live);
  assert.deepEqual(world.declared?.weights, all);
  assert.deepEqual(world.recorded.weights, all, "the stack's state");
  const sequence = world.entries.map((entry) => entry.sequence);
  assert.deepEqual(
    sequence,
    sequence.map((_, i) => i + 1),
  );
}

/** The record must hold each switch once, however often its command was cut off. */
function assertNoDoubles(world: FakeWorld): void {
  world.entries.slice(1).forEach((entry, i) => {
    const before = world.entries[i]!;
    const same = entry.action === before.action && entry.to.blue === before.to.blue;
    assert.ok(!same, `entries ${before.sequence} and ${entry.sequence} are both ${entry.action}`);
  });
}

describe("a command that is killed", () => {
  for (const [command, beginning] of CASES) {
    it(`leaves ${beginning} so that status is right and rollback works, wherever \`${command}\` ends`, async () => {
      let at = 1;
      for (; ; at++) {
        const world = await worldOf(beginning);
        try {
          const wasPromoted = world.declared?.live === "green";
          const killed = await killedAt(world, command, at);
          await assertStatusIsRight(world);
          if (!killed) break;
          const promotedNow = !wasPromoted && world.entries.some(({ action }) => action === "promoted");
          const outcome = await goBack(world.desk(), "rollback", "went wrong", 0);
          if (outcome.kind === "done") assertSettled(world, "blue");
          for (const weights of weightsIn(world.api)) assert.deepEqual(weights, { blue: 100, green: 0 });
          assert.ok(!promotedNow || world.entries.at(-1)!.action === "rolled-back");
          await assertStatusIsRight(world);
        } finally {
          world.end();
        }
      }
      assert.ok(at > 4, `only ${at} deeds`);
    });

    it(`can be brought to its end after ${beginning}, wherever \`${command}\` ends`, async () => {
      for (let at = 1; ; at++) {
        const world = await worldOf(beginning);
        try {
          if (!(await killedAt(world, command, at))) break;
          await COMMANDS[command]!(world.desk());
          assertSettled(world, command === "rollout" || command === "promote" ? "green" : "blue");
          assertNoDoubles(world);
          await assertStatusIsRight(world);
        } finally {
          world.end();
        }
      }
    });
  }

  it("goes on with an A/B test, wherever it ends, also where a bandit moves the weights", async () => {
    const arms: ArmReader = {
      read: async (_metric, _name, since, now) => {
        const count = Math.round((now - since) / 60);
        const arm = (share: number) => proportion(Math.round(share * count), count);
        return { arms: { live: arm(0.1), candidate: arm(0.125) } };
      },
    };
    const bandit: Strategy = {
      kind: "abTest",
      metric: { kind: "proportion" },
      baseline: 0.1,
      minimumEffect: 0.02,
      interval: 30,
      bandit: { rebalance: 60, certainty: 0.99 },
    };
    let at = 1;
    let moved = 0;
    for (; ; at++) {
      const world: FakeWorld = new FakeWorld({ strategy: bandit });
      try {
        const desk = world.desk(at);
        const killed = await walk(desk, { ...settings, arms }).then(
          () => false,
          (error: unknown) => {
            if (desk.deeds() < at) throw error;
            return true;
          },
        );
        await assertStatusIsRight(world);
        if (!killed) break;
        const before: string | undefined = world.journal.read()?.experiment?.startedAt;
        assert.ok(
          ["promoted", "finished"].includes((await walk(world.desk(), { ...settings, arms })).result),
        );
        assertSettled(world, "green");
        assertNoDoubles(world);
        if (before) assert.equal(world.journal.read()!.experiment!.startedAt, before);
        moved = Math.max(moved, world.entries.filter(({ action }) => action === "step").length);
      } finally {
        world.end();
      }
    }
    assert.ok(at > 20 && moved > 1, `${at} deeds, ${moved} changes of weights`);
  });

  it("leaves a rollout that can be promoted or aborted, wherever it ends before its promotion", async () => {
    for (const then of ["promote", "abort"] as const) {
      for (let at = 1; ; at++) {
        const world = await worldOf("a service at rest");
        try {
          if (!(await killedAt(world, "rollout", at))) break;
          const isPromoted = world.journal
            .read()
            ?.steps.some(
              (step, i) =>
                step.kind === "move" && step.action === "promoted" && i <= world.journal.read()!.cursor,
            );
          if (isPromoted) break;
          const outcome = (await COMMANDS[then]!(world.desk())) as { kind: string };
          if (outcome.kind === "done") assertSettled(world, then === "promote" ? "green" : "blue");
          await assertStatusIsRight(world);
        } finally {
          world.end();
        }
      }
    }
  });
});
