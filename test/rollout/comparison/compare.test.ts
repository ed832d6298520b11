import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { Answer } from "../../../rollout/comparison/answer";
import { compareAnswers } from "../../../rollout/comparison/compare";
import { problemsOf, type ComparisonRules, type TensorRule } from "../../../rollout/comparison/rules";

const answer = (data: unknown, shape: readonly number[] = [2], datatype = "FP32", name = "y"): Answer => ({
  outputs: [{ name, datatype, shape, data }],
});
const others = (rule: TensorRule): ComparisonRules => ({ others: rule });
const sentences = (live: Answer, candidate: Answer, rules?: ComparisonRules) =>
  compareAnswers(live, candidate, rules).differences.map(({ sentence }) => sentence);

describe("compareAnswers", () => {
  it("finds nothing where both are the same, in whatever form the data came", () => {
    const { equal, tensors } = compareAnswers(
      answer([[1], [2]], [2, 1]),
      answer(Float32Array.of(1, 2), [2, 1]),
    );
    assert.equal(equal, true);
    assert.equal(tensors[0]!.elements, 2);
    assert.equal(tensors[0]!.worst, 0);
  });

  const different: [string, Answer, Answer, string][] = [
    ["a missing output", answer([1, 2]), { outputs: [] }, "output `y` is missing"],
    ["a further output", { outputs: [] }, answer([1, 2]), "output `y` is not one of the live slot's"],
    [
      "another datatype",
      answer([1, 2]),
      answer([1, 2], [2], "FP64"),
      "output `y` is FP64, the live slot's is FP32",
    ],
    [
      "another shape",
      answer([1, 2]),
      answer([1, 2], [1, 2]),
      "output `y` has shape [1, 2], the live slot's [2]",
    ],
    [
      "too few values",
      answer([1, 2]),
      answer([1], [2]),
      "output `y` of the candidate has 1 values for a shape of [2]",
    ],
    [
      "too many values",
      answer([1, 2, 3]),
      answer([1, 2]),
      "output `y` of the live slot has more than 2 values for a shape of [2]",
    ],
    ["no data", answer([1, 2]), answer(undefined), "output `y` of the candidate has no data"],
    ["no shape", answer([1, 2]), answer([1, 2], [-1]), "output `y` of the candidate has no shape"],
    [
      "more values than are compared",
      answer([1, 2]),
      answer([1, 2], [1e9]),
      "output `y` of the candidate has more than 10000000 values",
    ],
    [
      "other values",
      answer([1, 2, 3, 4], [4]),
      answer([1, 2.5, 3, 3], [4]),
      "output `y`: 2 of 4 values differ by up to 1, the most at 3",
    ],
    [
      "other texts",
      answer(["cat", "dog"], [2], "BYTES"),
      answer(["cat", "cow"], [2], "BYTES"),
      "output `y`: 1 of 2 values differ in what is no number, the most at 1",
    ],
    [
      "64-bit integers beyond what a number can tell apart",
      answer(BigInt64Array.of(2n ** 60n, 1n), [2], "INT64"),
      answer(BigInt64Array.of(2n ** 60n + 1n, 1n), [2], "INT64"),
      "output `y`: 1 of 2 values differ by up to 1, the most at 0",
    ],
  ];
  for (const [name, live, candidate, sentence] of different) {
    it(`reports ${name}`, () => assert.deepEqual(sentences(live, candidate), [sentence]));
  }

  it("allows absolute + relative · |live|, and nothing more", () => {
    const rule = others({ absolute: 0.5, relative: 0.1 });
    const live = answer([10, -10]);
    assert.equal(compareAnswers(live, answer([11.5, -11.5]), rule).equal, true);
    assert.equal(compareAnswers(live, answer([11.5, -11.51]), rule).tensors[0]!.outside, 1);
    assert.equal(compareAnswers(live, answer([11, -10]), others({ relative: 0.1 })).equal, true);
  });

  it("takes an output's own rule before that for the others, a prototype's name included", () => {
    const rules = { outputs: { y: { absolute: 1 } }, others: { absolute: 0 } };
    assert.equal(compareAnswers(answer([1, 2]), answer([2, 3]), rules).equal, true);
    const named = (data: number[]) => answer(data, [2], "FP32", "constructor");
    assert.equal(compareAnswers(named([1, 2]), named([2, 3]), rules).equal, false);
  });

  it("takes NaN for equal to NaN unless told otherwise, and for nothing else", () => {
    const nan = answer([NaN, 1]);
    assert.equal(compareAnswers(nan, nan).equal, true);
    assert.equal(compareAnswers(nan, nan, others({ nanEqual: false })).equal, false);
    const { tensors } = compareAnswers(nan, answer([1, 1]), others({ absolute: 1e9 }));
    assert.deepEqual([tensors[0]!.outside, tensors[0]!.worst, tensors[0]!.worstAt], [1, null, 0]);
  });

  it("takes an infinity for equal to itself alone", () => {
    const rule = others({ absolute: 1, relative: 1 });
    assert.equal(compareAnswers(answer([Infinity, 1]), answer([Infinity, 1]), rule).equal, true);
    assert.equal(compareAnswers(answer([Infinity, 1]), answer([-Infinity, 1]), rule).equal, false);
    assert.equal(compareAnswers(answer([Infinity, 1]), answer([1e300, 1]), rule).equal, false);
  });

  it("compares truth values as 1 and 0", () => {
    assert.equal(compareAnswers(answer([true, false], [2], "BOOL"), answer([1, 0], [2], "BOOL")).equal, true);
    assert.equal(
      compareAnswers(answer([true, false], [2], "BOOL"), answer([true, true], [2], "BOOL")).equal,
      false,
    );
  });

  it("says how far both agree on the largest of each row", () => {
    const live = answer([0.7, 0.2, 0.1, 0.5, 0.3, 0.2, 0.1, 0.2, 0.7], [3, 3]);
    const candidate = answer([0.6, 0.3, 0.1, 0.3, 0.5, 0.2, 0.2, 0.1, 0.7], [3, 3]);
    assert.deepEqual(compareAnswers(live, candidate, others({ topK: 2 })).tensors[0]!.topK, {
      rows: 3,
      sameFirst: 2,
      sameSet: 2,
    });
  });

  it("counts no rows of an empty tensor, and whole rows where k is larger", () => {
    const empty = answer([], [0, 3]);
    assert.deepEqual(compareAnswers(empty, empty, others({ topK: 5 })).tensors[0]!.topK, {
      rows: 0,
      sameFirst: 0,
      sameSet: 0,
    });
    const row = answer([3, NaN, 1], [3]);
    assert.deepEqual(compareAnswers(row, row, others({ topK: 9 })).tensors[0]!.topK, {
      rows: 1,
      sameFirst: 1,
      sameSet: 1,
    });
  });

  it("never fails, whatever a server answers, and finds every answer equal to itself", () => {
    const anything = fc.anything({ withBigInt: true, withTypedArray: true, maxDepth: 4 });
    const output = fc.record(
      { name: fc.oneof(fc.constant("y"), anything), datatype: anything, shape: anything, data: anything },
      { requiredKeys: [] },
    );
    const answers = fc.record({ outputs: fc.oneof(anything, fc.array(output, { maxLength: 3 })) });
    fc.assert(
      fc.property(answers, answers, (one, other) => {
        compareAnswers(one as Answer, other as Answer, others({ topK: 2 }));
      }),
      { seed: 4, numRuns: 300 },
    );
    const numbers = fc.array(fc.double(), { maxLength: 20 });
    fc.assert(
      fc.property(numbers, fc.nat(3), (data, topK) => {
        const { equal, tensors } = compareAnswers(
          answer(data, [data.length]),
          answer(Float64Array.from(data), [data.length]),
          others({ topK }),
        );
        assert.equal(equal, true);
        const agreement = tensors[0]!.topK;
        if (agreement !== undefined) assert.equal(agreement.sameSet, agreement.rows);
      }),
      { seed: 5 },
    );
  });

  it("walks deeply nested data without running out of stack", () => {
    let data: unknown = [1];
    for (let i = 0; i < 100_000; i++) data = [data];
    assert.equal(compareAnswers(answer(data, [1]), answer([1], [1])).equal, true);
  });
});

describe("problemsOf", () => {
  it("says what is wrong with each rule", () => {
    assert.deepEqual(problemsOf({ others: { topK: 1.5 }, outputs: { y: { absolute: -1, relative: NaN } } }), [
      "`others.topK`: 1.5 must be a whole number >= 0",
      "`outputs.y.absolute`: -1 must be a number >= 0",
      "`outputs.y.relative`: NaN must be a number >= 0",
    ]);
    assert.deepEqual(problemsOf({ others: { absolute: 0.1, topK: 5 } }), []);
  });
});
