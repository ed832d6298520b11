import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Answer } from "../../../rollout/comparison/answer";
import { compareAnswers } from "../../../rollout/comparison/compare";
import { ComparisonSummary, MAX_OUTPUTS, type StoredSummary } from "../../../rollout/comparison/summary";

const answer = (data: readonly (number | string)[], name = "y"): Answer => ({
  outputs: [{ name, datatype: "FP32", shape: [data.length], data }],
});

interface Pair {
  readonly id: string;
  readonly live: Answer;
  readonly candidate: Answer;
}

function summaryOf(pairs: readonly Pair[]): ComparisonSummary {
  const summary = new ComparisonSummary();
  for (const { id, live, candidate } of pairs) {
    summary.add(id, compareAnswers(live, candidate, { others: { absolute: 0.5, topK: 2 } }));
  }
  return summary;
}

const stored = (summary: ComparisonSummary) => JSON.parse(JSON.stringify(summary)) as StoredSummary;

const values = fc.array(fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 })), { maxLength: 4 });
const answers = fc
  .tuple(fc.constantFrom("a", "b", "__proto__"), values)
  .map(([name, data]) => answer(data, name));
const pairs = fc.array(fc.record({ id: fc.string({ maxLength: 3 }), live: answers, candidate: answers }), {
  maxLength: 12,
});

describe("ComparisonSummary", () => {
  it("counts requests, elements and kinds of differences", () => {
    const summary = summaryOf([
      { id: "1", live: answer([1, 2, 3]), candidate: answer([1, 2, 3]) },
      { id: "2", live: answer([1, 2, 3]), candidate: answer([1.4, 2, 9]) },
      { id: "3", live: answer([1, 2, 3]), candidate: answer([1, 2]) },
      { id: "4", live: answer([1]), candidate: answer([1], "z") },
    ]);
    const { outputs, ...counts } = summary.report();
    assert.deepEqual(counts, {
      requests: 4,
      equal: 1,
      missing: 1,
      unexpected: 1,
      datatype: 0,
      shape: 1,
      unusable: 0,
      otherOutputs: 0,
    });
    const { p50Distance, p99Distance, kolmogorovSmirnov, populationStability, ...first } = outputs[0]!;
    assert.deepEqual(first, {
      output: "y",
      answers: 2,
      equal: 1,
      elements: 6,
      outside: 1,
      rows: 2,
      sameFirst: 2,
      sameSet: 2,
      worst: { request: "2", distance: 6 },
    });
    assert.equal(p50Distance, 0);
    assert.ok(Math.abs(p99Distance! - 6) <= 0.06);
    assert.ok(Math.abs(kolmogorovSmirnov! - 1 / 6) < 1e-12);
    assert.ok(populationStability! > 0);
  });

  it("names the request that was furthest off; what is no number is worse than any", () => {
    const far = { id: "far", live: answer([0]), candidate: answer([1e9]) };
    const nan = { id: "nan", live: answer([0]), candidate: answer([NaN]) };
    assert.deepEqual(summaryOf([far]).report().outputs[0]!.worst, { request: "far", distance: 1e9 });
    assert.deepEqual(summaryOf([nan, far]).report().outputs[0]!.worst, { request: "nan", distance: null });
    assert.equal(summaryOf([far, nan]).report().outputs[0]!.p99Distance, null);
  });

  it("is the same whether one has seen all or several have and were joined, in any order", () => {
    fc.assert(
      fc.property(pairs, pairs, pairs, (a, b, c) => {
        const whole = stored(summaryOf([...a, ...b, ...c]));
        const left = summaryOf(a);
        left.join(summaryOf(b));
        left.join(summaryOf(c));
        const inner = summaryOf(c);
        inner.join(summaryOf(a));
        const right = summaryOf(b);
        right.join(inner);
        assert.deepEqual(stored(left), whole);
        assert.deepEqual(stored(right), whole);
      }),
      { seed: 10, numRuns: 100 },
    );
  });

  it("counts exactly: every request once, every pair of values once", () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const { requests, equal, outputs } = summaryOf(all).report();
        const compared = all.map(({ live, candidate }) =>
          compareAnswers(live, candidate, { others: { absolute: 0.5 } }),
        );
        assert.equal(requests, all.length);
        assert.equal(equal, compared.filter((one) => one.equal).length);
        const sum = (of: (tensor: { elements: number; outside: number }) => number) =>
          compared.flatMap(({ tensors }) => tensors).reduce((total, tensor) => total + of(tensor), 0);
        assert.equal(
          outputs.reduce((total, { elements }) => total + elements, 0),
          sum(({ elements }) => elements),
        );
        assert.equal(
          outputs.reduce((total, { outside }) => total + outside, 0),
          sum(({ outside }) => outside),
        );
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  it("survives being stored and read", () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const before = stored(summaryOf(all));
        assert.deepEqual(stored(ComparisonSummary.of(before)), before);
      }),
      { seed: 12, numRuns: 100 },
    );
  });

  it("stays small, whatever names and ids a server invents", () => {
    const summary = new ComparisonSummary();
    for (let i = 0; i < 500; i++) {
      const name = `${i}${"n".repeat(1000)}`;
      summary.add("r".repeat(100_000), compareAnswers(answer([0], name), answer([1], name)));
    }
    assert.equal(summary.report().outputs.length, MAX_OUTPUTS);
    assert.equal(summary.report().otherOutputs, 500 - MAX_OUTPUTS);
    assert.equal(summary.report().requests, 500);
    assert.ok(JSON.stringify(summary).length < 100_000);
  });

  it("takes evenly spaced values of large tensors into the distributions, and counts all", () => {
    const data = Array.from({ length: 5000 }, (_, i) => i);
    const report = summaryOf([{ id: "1", live: answer(data), candidate: answer(data) }]).report().outputs[0]!;
    assert.equal(report.elements, 5000);
    assert.equal(report.kolmogorovSmirnov, 0);
    const counted = stored(summaryOf([{ id: "1", live: answer(data), candidate: answer(data) }]));
    assert.equal(counted.outputs.y!.live.count, 1000);
  });
});
