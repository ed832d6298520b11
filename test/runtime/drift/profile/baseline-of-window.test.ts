import assert from "node:assert/strict";
import { mergeReports, type MergedDrift, type WholeReport } from "../../../../runtime/drift/merge-reports";
import { driftReport } from "../../../../runtime/drift/monitor/drift-report";
import { baselineOfWindow } from "../../../../runtime/drift/profile/baseline-of-window";
import { checkBaseline, parseBaseline } from "../../../../runtime/drift/read-baseline";
import { follow, SPEC } from "../monitor/support";

const CONFIG = { windowSeconds: 20, minSamples: 100 };

async function seen(seconds: number, shift: number, rows = 40): Promise<MergedDrift> {
  const replica = follow(CONFIG);
  for (let i = 0; i < seconds; i++) await replica.second(rows, shift);
  return mergeReports([JSON.parse(JSON.stringify(driftReport(replica.monitor, true))) as WholeReport])[0]!;
}

describe("a baseline of what a service was asked", () => {
  it("takes what has changed for how things are from now on", async () => {
    const shifted = await seen(20, 0.7);
    assert.equal(shifted.state, "drifted");
    const { baseline, notes } = baselineOfWindow(shifted, "text");
    assert.deepEqual(notes, []);
    assert.deepEqual(parseBaseline(JSON.stringify(baseline)), baseline);
    assert.deepEqual(checkBaseline(baseline, SPEC).warnings, []);
    assert.match(baseline.data.file, /^service text, 2027-01-15T\d\d:\d\d:\d\d\.000Z to 2027-/);
    assert.equal(baseline.data.rows, shifted.window!.rows);
    const { mean } = baseline.features["input:x[0]"] as { mean: number };
    assert.ok(Math.abs(mean - 0.7) < 0.1, String(mean));
    const judged = async (shift: number) => {
      const replica = follow(CONFIG, { baseline, seed: 9 });
      for (let i = 0; i < 20; i++) await replica.second(40, shift);
      return new Set(replica.monitor.judgement!.features.map(({ state }) => state));
    };
    assert.deepEqual(await judged(0.7), new Set(["stable"]));
    assert.ok((await judged(-0.7)).has("drifted"));
  });

  it("is refused of too few requests, and before a window has ended", async () => {
    const few = await seen(20, 0, 2);
    assert.throws(() => baselineOfWindow(few, "text"), {
      name: "DataMistake",
      message:
        "`input:x[0]` of version 1 of `m` has 38 values in the last window, but needs 100; send requests and try again.",
    });
    const none = await seen(1, 0);
    assert.throws(() => baselineOfWindow(none, "text"), {
      message: "No window of version 1 of `m` has ended yet; one does every 10 seconds.",
    });
  });

  it("says where the bins that it takes over tell too little", async () => {
    const { notes } = baselineOfWindow(await seen(20, 3), "text");
    assert.match(
      notes[0]!,
      /^`input:x\[0\]` has \d\d % of its values in one bin: what changes within it is not seen; make the baseline from data/,
    );
  });
});
