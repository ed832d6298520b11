import assert from "node:assert/strict";
import type { CategoricalBaseline, NumericBaseline } from "../../../runtime/drift/baseline";
import {
  CategoricalSummary,
  createSummary,
  mergeSummary,
  NumericSummary,
  summaryFromJSON,
} from "../../../runtime/drift/summary";

const NUMERIC: NumericBaseline = {
  kind: "numeric",
  count: 4,
  missing: 0,
  min: 0,
  max: 3,
  mean: 1.5,
  standardDeviation: 1.29,
  edges: [0, 1, 2],
  counts: [1, 1, 1, 1],
};
const CATEGORICAL: CategoricalBaseline = {
  kind: "categorical",
  count: 3,
  missing: 0,
  values: JSON.parse('{"NO": 2, "__proto__": 1}') as Record<string, number>,
  other: 0,
};

const numbers = (...values: number[]) => {
  const summary = new NumericSummary(NUMERIC);
  summary.addAll(values);
  return summary;
};

describe("NumericSummary", () => {
  it("counts a value on an edge in the bin below it, and what lies outside in the open ones", () => {
    assert.deepEqual([...numbers(-100, 0, 0.5, 1, 1.5, 2, 2.5, 100).counts], [2, 2, 2, 2]);
  });

  it("finds the same bins as a linear search, for any number of edges", () => {
    for (let length = 0; length < 12; length++) {
      const edges = Array.from({ length }, (_, i) => i);
      const summary = new NumericSummary({ edges, mean: 0 });
      const expected = new Array<number>(length + 1).fill(0);
      for (let value = -1.5; value < length + 1; value += 0.5) {
        summary.add(value);
        expected[edges.filter((edge) => value > edge).length]!++;
      }
      assert.deepEqual([...summary.counts], expected);
    }
  });

  it("keeps NaN and infinities apart from the numbers", () => {
    const summary = numbers(1, NaN, Infinity, -Infinity);
    assert.deepEqual([summary.count, summary.missing, summary.min, summary.max], [1, 3, 1, 1]);
  });

  it("takes a column of a row-major tensor", () => {
    const summary = new NumericSummary(NUMERIC);
    summary.addAll(Float32Array.of(9, 0, 9, 1, 9, 2), 1, 2);
    assert.deepEqual([summary.count, summary.mean, summary.max], [3, 1, 2]);
  });

  it("keeps the digits of large numbers that differ little", () => {
    const summary = new NumericSummary({ edges: [], mean: 1e9 });
    summary.addAll([1e9 - 1, 1e9, 1e9 + 1]);
    assert.deepEqual([summary.mean, summary.standardDeviation], [1e9, 1]);
  });

  it("has no mean of nothing, and no deviation of one", () => {
    assert.ok(Number.isNaN(numbers().mean));
    assert.ok(Number.isNaN(numbers(1).standardDeviation));
  });

  it("tells the mean of each bin, 0 of an empty one", () => {
    assert.deepEqual(numbers(-1, -3, 1.5).binMeans, [-2, 0, 1.5, 0]);
  });

  it("is, merged, what one summary of all would be", () => {
    const merged = numbers(0.5, NaN, 7);
    merged.merge(numbers(-3, 1.25));
    assert.deepEqual(merged.toJSON(), numbers(0.5, NaN, 7, -3, 1.25).toJSON());
  });

  it("refuses to merge with other bins", () => {
    for (const other of [
      { edges: [0, 1], mean: 1.5 },
      { edges: [0, 1, 3], mean: 1.5 },
      { edges: [0, 1, 2], mean: 1 },
    ])
      assert.throws(() => numbers().merge(new NumericSummary(other)), {
        message: "Summaries with different bins cannot be merged.",
      });
  });

  it("is empty after a reset", () => {
    const summary = numbers(1, NaN);
    summary.reset();
    assert.deepEqual(summary.toJSON(), numbers().toJSON());
  });

  for (const values of [[], [1, 2.5, NaN]]) {
    it(`comes back from JSON with ${values.length} values`, () => {
      const state = numbers(...values).toJSON();
      const back = summaryFromJSON(NUMERIC, JSON.parse(JSON.stringify(state)) as typeof state);
      assert.deepEqual(back.toJSON(), state);
    });
  }
});

describe("CategoricalSummary", () => {
  const texts = (...values: string[]) => {
    const summary = new CategoricalSummary(CATEGORICAL);
    summary.addAll(values);
    return summary;
  };

  it("counts the baseline's values, all others together, and empty texts as missing", () => {
    const summary = texts("NO", "SE", "", "NO", "__proto__", "constructor");
    assert.deepEqual([...summary.counts, summary.other, summary.missing, summary.count], [2, 1, 2, 1, 5]);
  });

  it("holds no more than the baseline's values, whatever comes", () => {
    const summary = texts(...Array.from({ length: 1000 }, (_, i) => `user ${i}`));
    assert.deepEqual([summary.counts.length, summary.other], [2, 1000]);
  });

  it("counts numbers by their text", () => {
    const summary = new CategoricalSummary({ values: { "0": 1, "1": 1 } });
    summary.addAll(Uint8Array.of(9, 1, 9, 0, 9, 1), 1, 2);
    assert.deepEqual([...summary.counts], [1, 2]);
  });

  it("merges, resets and comes back from JSON", () => {
    const merged = texts("NO", "");
    mergeSummary(merged, texts("SE", "NO"));
    assert.deepEqual(merged.toJSON(), texts("NO", "", "SE", "NO").toJSON());
    assert.deepEqual(summaryFromJSON(CATEGORICAL, merged.toJSON()).toJSON(), merged.toJSON());
    merged.reset();
    assert.deepEqual(merged.toJSON(), texts().toJSON());
  });

  it("refuses to merge with other values", () => {
    assert.throws(() => texts().merge(new CategoricalSummary({ values: { NO: 1, SE: 1 } })), {
      message: "Summaries with different values cannot be merged.",
    });
  });
});

describe("summaries of different kinds", () => {
  it("are not mixed", () => {
    const numeric = createSummary(NUMERIC);
    const categorical = createSummary(CATEGORICAL);
    assert.throws(() => mergeSummary(numeric, categorical), {
      message: "A categorical summary cannot be merged into a numeric one.",
    });
    assert.throws(() => summaryFromJSON(NUMERIC, categorical.toJSON()), {
      message: "A categorical summary is not of a numeric feature.",
    });
    assert.throws(() => summaryFromJSON({ ...NUMERIC, edges: [0] }, numeric.toJSON()), {
      message: "A summary with 4 counts is not of a baseline with 2.",
    });
  });
});
