import assert from "node:assert/strict";
import { gradedTask } from "../../../runtime/feedback/graded-task";
import { readPrediction } from "../../../runtime/feedback/given-prediction";
import { predictionOf } from "../../../runtime/feedback/prediction";
import { readTruth } from "../../../runtime/feedback/truth";

const plain = gradedTask({ output: "y", task: "classification" });
const named = gradedTask({ output: "y", task: "classification", classes: ["cat", "dog", "cow"] });
const binary = gradedTask({ output: "y", task: "binary" });
const spam = gradedTask({ output: "y", task: "binary", classes: ["spam", "ham"], positiveClass: "spam" });
const numbers = gradedTask({ output: "y", task: "regression" });
const output = (data: (number | string)[], shape: number[], datatype = "FP32") => ({ datatype, shape, data });

describe("predictionOf", () => {
  it("takes the greatest of several scores, and its probability where they add up to 1", () => {
    assert.deepEqual(predictionOf(named, output([0.1, 0.7, 0.2, 0.5, 0.3, 0.2], [2, 3]), 2), {
      count: 2,
      classes: ["dog", "cat"],
      named: false,
      scores: [0.7, 0.5],
    });
  });

  it("keeps no probability of scores that are none", () => {
    const { classes, scores } = predictionOf(plain, output([-3, 7, 2], [1, 3]), 1);
    assert.deepEqual([classes, scores], [["1"], undefined]);
  });

  it("takes classes by index and by name", () => {
    assert.deepEqual(predictionOf(named, output([2, 0], [2], "INT64"), 2).classes, ["cow", "cat"]);
    const texts = predictionOf(plain, output(["a", "b"], [2, 1], "BYTES"), 2);
    assert.deepEqual([texts.classes, texts.named], [["a", "b"], true]);
  });

  it("takes a binary score of either form, yes from the threshold on", () => {
    const one = predictionOf(binary, output([0.5, 0.49], [2, 1]), 2);
    assert.deepEqual(
      [one.classes, [...one.scores!]],
      [
        ["1", "0"],
        [0.5, 0.49],
      ],
    );
    // Of two scores the one of the positive class counts, which here is the first.
    const two = predictionOf(spam, output([0.8, 0.2], [1, 2]), 1);
    assert.deepEqual([two.classes, [...two.scores!]], [["spam"], [0.8]]);
    const strict = gradedTask({ output: "y", task: "binary", threshold: 0.9 });
    assert.deepEqual(predictionOf(strict, output([0.8], [1]), 1).classes, ["0"]);
    assert.deepEqual(predictionOf(spam, output([1], [1], "INT64"), 1).classes, ["ham"]);
  });

  it("keeps all numbers of a regression", () =>
    assert.deepEqual(predictionOf(numbers, output([1, 2, 3, 4], [2, 2]), 2), {
      count: 4,
      scores: [1, 2, 3, 4],
    }));

  for (const [what, task, given, samples, expected] of [
    [
      "three numbers for yes or no",
      binary,
      output([1, 2, 3], [1, 3]),
      1,
      "the answer has 3 numbers for one sample; binary has one or two",
    ],
    [
      "a class that is neither",
      binary,
      output([2], [1], "INT32"),
      1,
      "the answer holds 2, which is neither class 0 nor 1",
    ],
    [
      "a name that is neither",
      spam,
      output(["eggs"], [1], "BYTES"),
      1,
      'the answer holds "eggs", which is neither spam nor ham',
    ],
    ["NaN", binary, output([NaN], [1]), 1, "the answer holds NaN"],
    [
      "an infinite number",
      numbers,
      output([Infinity], [1]),
      1,
      "the answer holds Infinity, which is no number from -1e+100 to 1e+100",
    ],
    [
      "a text that is no class",
      plain,
      output(["x".repeat(129)], [1], "BYTES"),
      1,
      "the answer has a text of 129 characters, which is no name of a class",
    ],
    [
      "samples that do not divide it",
      plain,
      output([1, 2, 3], [2, 2]),
      2,
      "the answer has 3 elements for 2 samples",
    ],
  ] as const) {
    it(`refuses ${what}`, () =>
      assert.throws(() => predictionOf(task, { ...given, data: [...given.data] }, samples), {
        message: expected,
      }));
  }
});

describe("readTruth", () => {
  it("reads one value, lists, and samples that are not known", () => {
    assert.deepEqual(readTruth(named, 1, "truth"), ["dog"]);
    assert.deepEqual(readTruth(named, ["cow", null, 0], "truth"), ["cow", undefined, "cat"]);
    assert.deepEqual(readTruth(numbers, [[1.5], [2]], "truth"), [1.5, 2]);
    assert.deepEqual(readTruth(binary, [true, 0, false, 1], "truth"), ["1", "0", "0", "1"]);
    // True means yes, whichever class that is; numbers are indexes.
    assert.deepEqual(readTruth(spam, [true, 0, 1, "ham"], "truth"), ["spam", "spam", "ham", "ham"]);
  });

  const two = { count: 2, classes: ["a", "b"], named: true };
  const index = { count: 1, classes: ["0"], named: false };
  for (const [what, task, value, prediction, expected] of [
    [
      "no truth",
      named,
      undefined,
      undefined,
      "`truth` is missing; it must be what was right, or a list with one for each sample.",
    ],
    [
      "null",
      named,
      null,
      undefined,
      "`truth` is missing; it must be what was right, or a list with one for each sample.",
    ],
    [
      "an empty list",
      named,
      [],
      undefined,
      "`truth` is missing; it must be what was right, or a list with one for each sample.",
    ],
    [
      "nothing known",
      named,
      [null, null],
      undefined,
      "`truth` is null for every sample; leave out what is not known.",
    ],
    [
      "another length",
      plain,
      ["a"],
      two,
      "`truth` has the length 1, but must have 2: one value for each sample of the answer.",
    ],
    [
      "a class that is none",
      named,
      ["cat", "cot"],
      undefined,
      '`truth[1]` is "cot", which is none of the 3 classes of `model.json`.',
    ],
    [
      "an index beyond the last class",
      named,
      3,
      undefined,
      "`truth` is 3, but the last of the 3 classes is 2.",
    ],
    ["half a class", named, 0.5, undefined, "`truth` is 0.5, but must be the name or the index of a class."],
    [
      "a yes for a class",
      plain,
      true,
      undefined,
      "`truth` is true, but must be the name or the index of a class.",
    ],
    [
      "a name where indexes are given",
      plain,
      "cat",
      index,
      '`truth` is the name "cat", but the model gives indexes; list `classes` in `feedback` of `model.json` to tell which is which.',
    ],
    [
      "an index where names are given",
      plain,
      [0, 1],
      two,
      "`truth[0]` is the index 0, but the model gives names; list `classes` in `feedback` of `model.json` to tell which is which.",
    ],
    ["a long name", plain, "x".repeat(129), undefined, "`truth` has 129 characters; a class has 1 to 128."],
    ["2 for yes", binary, 2, undefined, "`truth` is 2, but must be true, false, 0 or 1."],
    [
      "another name for yes",
      spam,
      "eggs",
      undefined,
      '`truth` is "eggs", but must be true, false, 0 or 1, "spam" or "ham".',
    ],
    [
      "a text for a number",
      numbers,
      "3",
      undefined,
      '`truth` is "3", but truth of a regression must be a number from -1e+100 to 1e+100.',
    ],
    [
      "a number whose square overflows",
      numbers,
      1e200,
      undefined,
      "`truth` is 1e+200, but truth of a regression must be a number from -1e+100 to 1e+100.",
    ],
    [
      "too much",
      numbers,
      new Array(100_001).fill(0),
      undefined,
      "`truth` has 100001 values; at most 100000 are taken.",
    ],
    [
      "an object",
      numbers,
      [{}],
      undefined,
      "`truth[0]` is an object, but truth of a regression must be a number from -1e+100 to 1e+100.",
    ],
  ] as const) {
    it(`refuses ${what}`, () =>
      assert.throws(() => readTruth(task, value, "truth", prediction), {
        code: "InvalidArgument",
        message: expected,
      }));
  }
});

describe("readPrediction", () => {
  it("reads what the protocol's JSON has", () => {
    assert.deepEqual(
      readPrediction(
        named,
        [
          [0.1, 0.9, 0],
          [1, 0, 0],
        ],
        2,
        "p",
      ).classes,
      ["dog", "cat"],
    );
    assert.deepEqual(readPrediction(named, "cow", 1, "p").classes, ["cow"]);
    assert.deepEqual(readPrediction(named, [2, 1], 2, "p").classes, ["cow", "dog"]);
    assert.deepEqual(readPrediction(binary, [0.2, 0.7], 2, "p").scores, [0.2, 0.7]);
    assert.deepEqual(readPrediction(spam, true, 1, "p").classes, ["spam"]);
    assert.deepEqual(readPrediction(numbers, 4.5, 1, "p").scores, [4.5]);
  });

  for (const [what, task, value, samples, expected] of [
    [
      "a class that is none",
      named,
      "cot",
      1,
      '`p` holds "cot", which is none of the 3 classes of `model.json`.',
    ],
    ["an index beyond the last class", named, 3, 1, "`p` holds 3, but the last of the 3 classes is 2."],
    ["null", numbers, [1, null], 2, "`p` holds null at 1, but must be what the model answered."],
    ["too few numbers", numbers, [1], 2, "`p` has the length 1, but must have 2: as many as `truth`."],
    [
      "scores that fit no sample",
      named,
      [0.1, 0.2, 0.7],
      2,
      "`p` does not fit: the answer has 3 elements for 2 samples.",
    ],
    [
      "too much",
      numbers,
      new Array(100_001).fill(0),
      1,
      "`p` has 100001 elements; at most 100000 are taken.",
    ],
  ] as const) {
    it(`refuses ${what}`, () =>
      assert.throws(() => readPrediction(task, value, samples, "p"), {
        code: "InvalidArgument",
        message: expected,
      }));
  }
});
