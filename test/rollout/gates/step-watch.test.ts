import assert from "node:assert/strict";
import type { MeasuringGate } from "../../../rollout/declaration";
import { StepWatch } from "../../../rollout/gates/step-watch";
import type { Verdict } from "../../../rollout/outcome";

const START = 1_000_000;
const gate = (settings: Partial<MeasuringGate> = {}): MeasuringGate =>
  ({ kind: "errorRate", name: "errors", ...settings }) as MeasuringGate;

/** Asks gates whenever they are due, as a command does; the verdicts of each gate in turn, the last one for ever. */
function walk(gates: readonly MeasuringGate[], interval: number, verdicts: Record<string, Verdict[]>) {
  const watch = new StepWatch(gates, interval, START);
  let now = START;
  for (let turns = 0; turns < 1000; turns++) {
    for (const { name } of watch.takeDue(now)) {
      const left = verdicts[name]!;
      const verdict = left.length > 1 ? left.shift()! : left[0]!;
      watch.record({ gate: name, verdict, value: null, reason: `it was ${verdict}` }, now);
    }
    const status = watch.status(now);
    if (status.state !== "watching") return { watch, status, seconds: (now - START) / 1000 };
    assert.ok(status.nextAt > now, `at ${now} it is worth looking at ${status.nextAt}`);
    now = status.nextAt;
  }
  return assert.fail("the step never ended");
}

describe("StepWatch", () => {
  it("takes its interval where no gate watches", () => {
    assert.deepEqual(walk([], 60, {}).seconds, 60);
    assert.equal(new StepWatch([], 60, START).status(START + 59_999).state, "watching");
  });

  it("passes after the interval, having asked every 10 s from the start on", () => {
    const { watch, status, seconds } = walk([gate()], 60, { errors: ["passed"] });
    assert.equal(status.state, "passed");
    assert.equal(seconds, 60);
    assert.deepEqual(
      watch.outcomes.map(({ at }) => (at - START) / 1000),
      [0, 10, 20, 30, 40, 50],
    );
  });

  it("asks first after the initial delay and then as often as it should", () => {
    const { watch } = walk([gate({ initialDelay: 15, every: 20 })], 60, { errors: ["passed"] });
    assert.deepEqual(
      watch.outcomes.map(({ at }) => (at - START) / 1000),
      [15, 35, 55],
    );
  });

  it("does not make up for answers that took long", () => {
    const watch = new StepWatch([gate()], 60, START);
    assert.equal(watch.takeDue(START + 35_000).length, 1);
    assert.equal(watch.takeDue(START + 35_001).length, 0);
    assert.equal(watch.takeDue(START + 44_999).length, 0);
    assert.equal(watch.takeDue(START + 45_000).length, 1);
  });

  it("asks once more where all words are from before a gap, as of a machine that slept", () => {
    const watch = new StepWatch([gate()], 60, START);
    const answer = (now: number) => {
      assert.equal(watch.takeDue(now).length, 1);
      watch.record({ gate: "errors", verdict: "passed", value: null, reason: "" }, now);
    };
    answer(START);
    const later = START + 3_600_000;
    assert.equal(watch.status(later).state, "watching");
    answer(later);
    assert.equal(watch.status(later).state, "passed");
  });

  it("passes though every answer takes longer than the time between two", () => {
    const watch = new StepWatch([gate({ every: 5 })], 60, START);
    for (let now = START; watch.status(now).state === "watching"; now += 15_000) {
      assert.ok(now < START + 120_000, "it never ends");
      watch.takeDue(now);
      watch.record({ gate: "errors", verdict: "passed", value: null, reason: "" }, now + 15_000);
    }
  });

  it("fails at the first bad measurement where none is allowed", () => {
    const { status, seconds } = walk([gate()], 60, { errors: ["passed", "failed", "passed"] });
    assert.equal(seconds, 10);
    assert.deepEqual(status, {
      state: "failed",
      outcome: { gate: "errors", verdict: "failed", value: null, reason: "it was failed" },
      reason: 'gate "errors": it was failed',
    });
  });

  it("fails once there are more bad measurements than allowed, one after another or not", () => {
    const { status, seconds } = walk([gate({ failureLimit: 2 })], 600, {
      errors: ["failed", "passed", "failed", "passed", "failed"],
    });
    assert.equal(seconds, 40);
    assert.equal(
      status.state === "failed" && status.reason,
      'gate "errors": it was failed (3 times bad, 2 allowed)',
    );
  });

  it("stops as inconclusive once there is too often nothing to go by", () => {
    const { status, seconds } = walk([gate()], 600, { errors: ["inconclusive"] });
    assert.equal(seconds, 30);
    assert.equal(
      status.state === "inconclusive" && status.reason,
      'gate "errors": it was inconclusive (4 times without a result, 3 allowed)',
    );
  });

  it("never passes on silence: a step goes on past its interval until the gate speaks", () => {
    const { status, seconds } = walk([gate({ inconclusiveLimit: 100 })], 20, {
      errors: [...Array<Verdict>(9).fill("inconclusive"), "passed"],
    });
    assert.equal(status.state, "passed");
    assert.equal(seconds, 90);
  });

  it("does not pass where a gate was not asked within the interval", () => {
    const { watch, status, seconds } = walk([gate({ initialDelay: 100 })], 20, { errors: ["passed"] });
    assert.equal(status.state, "passed");
    assert.equal(seconds, 100);
    assert.equal(watch.outcomes.length, 1);
  });

  it("does not pass where the last word was bad, though that is allowed", () => {
    const { status, seconds } = walk([gate({ failureLimit: 5 })], 25, {
      errors: ["passed", "passed", "failed", "failed", "passed"],
    });
    assert.equal(status.state, "passed");
    assert.equal(seconds, 40);
  });

  it("waits for every gate, and fails with any", () => {
    const gates = [gate(), gate({ name: "p99", inconclusiveLimit: 9 })];
    const late = walk(gates, 20, {
      errors: ["passed"],
      p99: ["inconclusive", "inconclusive", "inconclusive", "passed"],
    });
    assert.deepEqual([late.status.state, late.seconds], ["passed", 30]);
    const bad = walk(gates, 20, {
      errors: ["passed", "passed", "passed", "passed", "failed"],
      p99: ["inconclusive"],
    });
    assert.deepEqual([bad.status.state, bad.seconds], ["failed", 40]);
  });

  it("tells of a failure rather than of silence", () => {
    const gates = [gate({ inconclusiveLimit: 0 }), gate({ name: "p99" })];
    const { status } = walk(gates, 20, { errors: ["inconclusive"], p99: ["failed"] });
    assert.equal(status.state === "failed" && status.outcome.gate, "p99");
  });

  it("asks nothing more once it has ended, and keeps what was bad although a later word is good", () => {
    const watch = new StepWatch([gate()], 60, START);
    watch.takeDue(START);
    watch.record({ gate: "errors", verdict: "failed", value: 5, reason: "bad" }, START);
    watch.record({ gate: "errors", verdict: "passed", value: 0, reason: "good" }, START + 1);
    assert.deepEqual(watch.takeDue(START + 60_000), []);
    const status = watch.status(START + 60_000);
    assert.equal(status.state === "failed" && status.reason, 'gate "errors": bad');
    assert.deepEqual(
      watch.latest.map(({ reason }) => reason),
      ["good"],
    );
  });

  it("refuses outcomes of gates that it does not watch", () => {
    const watch = new StepWatch([gate()], 60, START);
    assert.throws(
      () => watch.record({ gate: "p99", verdict: "passed", value: 1, reason: "" }, START),
      /^Error: No gate "p99" is watched in this step\.$/,
    );
  });
});
