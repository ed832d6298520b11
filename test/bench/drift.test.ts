import assert from "node:assert/strict";
import {
  emptySummaries,
  NUMBER,
  rowsUntilFound,
  SHIFTS,
  simulatedBaseline,
  Stream,
  Watcher,
} from "../../bench/drift-simulation";

describe("simulated drift", () => {
  const watch = { baseline: simulatedBaseline(1), windowRows: 500, options: {} };
  const shift = (name: string) => SHIFTS.find((each) => each.name === name)!;

  it("finds a large shift before two windows have passed, counted from its first row", () => {
    const rows = rowsUntilFound(watch, shift("mean + 1 sd"), 3, 10)!;
    assert.ok(rows > 0 && rows <= 1000, String(rows));
    assert.equal(rowsUntilFound(watch, shift("mean + 1 sd"), 3, 10), rows);
  });

  it("does not find what is too small to matter", () => {
    assert.equal(rowsUntilFound(watch, shift("mean + 0.1 sd"), 3, 3), undefined);
  });

  it("changes one feature only", () => {
    const summaries = emptySummaries(watch.baseline);
    new Stream(5).fill(summaries, 500, shift("5 % missing"));
    const missing = [...summaries].filter(([, summary]) => summary.missing > 0).map(([feature]) => feature);
    assert.deepEqual(missing, [NUMBER]);
  });

  it("judges two halves together: one alone has too few rows", () => {
    const watcher = new Watcher(watch);
    const half = () => {
      const summaries = emptySummaries(watch.baseline);
      new Stream(6).fill(summaries, 250);
      return summaries;
    };
    const states = () => new Set(watcher.judge(half()).map(({ state }) => state));
    assert.deepEqual([states(), states()], [new Set(["insufficient"]), new Set(["stable"])]);
  });
});
