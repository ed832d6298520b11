import assert from "node:assert/strict";
import type { Output } from "../../../runtime/quality/answers";
import type { Dataset, Label } from "../../../runtime/gate/dataset";
import { evaluateDrift, evaluateQuality, type QualityMetric } from "../../../runtime/gate/evaluate";

const dataset = (labels: (Label | Label[])[], classes?: string[]): Dataset => ({
  rows: labels.map((label) => ({ inputs: [], labels: [label].flat() })),
  classes,
});
const out = (datatype: string, shape: number[], ...data: (number | string)[]): Output => ({
  datatype,
  shape,
  data,
});
const scores = (...data: number[]) => out("FP32", [1, data.length], ...data);

describe("evaluateQuality", () => {
  const cases: [string, QualityMetric, Dataset, Output[], value: number, samples: number][] = [
    [
      "takes the greatest score",
      "accuracy",
      dataset([2, 0, 1]),
      [scores(1, 2, 3), scores(3, 1, 2), scores(9, 1, 2)],
      2 / 3,
      3,
    ],
    ["takes the first of equal scores", "accuracy", dataset([0]), [scores(1, 1)], 1, 1],
    ["takes a class's index as it is", "accuracy", dataset([7]), [out("INT64", [1], 7)], 1, 1],
    ["takes a class's name as it is", "accuracy", dataset(["cat"]), [out("BYTES", [1], "cat")], 1, 1],
    [
      "names classes by index",
      "accuracy",
      dataset(["dog", 1], ["cat", "dog"]),
      [scores(0, 1), scores(0, 1)],
      1,
      2,
    ],
    ["names a given index", "accuracy", dataset([1], ["cat", "dog"]), [out("BYTES", [1], "dog")], 1, 1],
    [
      "takes a single score from a half on for class 1",
      "accuracy",
      dataset([1, 0]),
      [scores(0.5), scores(0.49)],
      1,
      2,
    ],
    [
      "takes rows of several samples",
      "accuracy",
      dataset([[1, 0, 1]]),
      [out("FP32", [3, 2], 0, 1, 1, 0, 1, 0)],
      2 / 3,
      3,
    ],
    [
      "averages F1 over classes",
      "f1",
      dataset([0, 0, 1]),
      [scores(1, 0), scores(0, 1), scores(0, 1)],
      2 / 3,
      3,
    ],
    ["ranks single scores", "rocAuc", dataset([0, 1]), [scores(0.2), scores(7)], 1, 2],
    [
      "ranks by the second of two scores",
      "rocAuc",
      dataset([0, 1]),
      [scores(0.2, 0.8), scores(0.9, 0.1)],
      0,
      2,
    ],
    ["compares numbers one by one", "rmse", dataset([1, [2, 4]]), [scores(1), scores(2, 1)], Math.sqrt(3), 3],
  ];
  for (const [name, metric, data, outputs, value, samples] of cases) {
    it(name, () => {
      const evaluated = evaluateQuality(metric, data, outputs, "candidate");
      assert.ok(Math.abs(evaluated.value - value) < 1e-12, String(evaluated.value));
      assert.equal(evaluated.samples, samples);
    });
  }

  const wrong: [string, QualityMetric, Dataset, Output, string][] = [
    [
      "names without their indexes",
      "accuracy",
      dataset(["cat"]),
      scores(0, 1),
      'the label of row 1 is the name "cat", but the model gives numbers; the dataset must list its `classes`',
    ],
    [
      "names that are no class",
      "accuracy",
      dataset(["bird"], ["cat", "dog"]),
      scores(0, 1),
      'the label "bird" of row 1 is none of the dataset\'s classes',
    ],
    [
      "a single number that is no score",
      "accuracy",
      dataset([1]),
      scores(3.5),
      "the candidate's answer to row 1 has the single number 3.5, which is neither a class nor a score from 0 to 1",
    ],
    [
      "what JSON has no number for",
      "accuracy",
      dataset([1]),
      out("FP32", [1, 2], 1, null as unknown as number),
      "the candidate's answer to row 1 holds null, which is no number",
    ],
    [
      "several texts for a sample",
      "accuracy",
      dataset(["a"]),
      out("BYTES", [1, 2], "a", "b"),
      "the candidate's answer to row 1 has 2 texts for one sample",
    ],
    [
      "outputs that cannot be shared out",
      "accuracy",
      dataset([[1, 2]]),
      scores(1, 2, 3),
      "the candidate's answer to row 1 has 3 elements for 2 samples",
    ],
    [
      "labels that are neither 0 nor 1",
      "rocAuc",
      dataset([2]),
      scores(1),
      "the label 2 of row 1 must be 0 or 1 for rocAuc",
    ],
    [
      "scores of many classes",
      "rocAuc",
      dataset([1]),
      scores(1, 2, 3),
      "the candidate's answer to row 1 has 3 scores for one sample; rocAuc takes one or two",
    ],
    [
      "labels of one kind",
      "rocAuc",
      dataset([1]),
      scores(1),
      "rocAuc needs labels of both kinds, 0 and 1; the dataset has one",
    ],
    [
      "labels that do not fit the output",
      "rmse",
      dataset([1]),
      scores(1, 2),
      "the candidate's answer to row 1 has 2 numbers for 1 labels",
    ],
    [
      "a text as a number",
      "rmse",
      dataset(["1"]),
      scores(1),
      'the label of row 1 holds "1", which is no number',
    ],
  ];
  for (const [name, metric, data, output, message] of wrong) {
    it(`cannot judge ${name}`, () =>
      assert.throws(() => evaluateQuality(metric, data, [output], "candidate"), {
        name: "Unmeasurable",
        message,
      }));
  }
});

describe("evaluateDrift", () => {
  const unlabelled = (count: number): Dataset => ({
    rows: Array.from({ length: count }, () => ({ inputs: [], labels: [] })),
    classes: undefined,
  });

  it("finds classes that changed places, though all scores together are the same", () => {
    const live = [scores(0.1, 0.9), scores(0.2, 0.8)];
    const candidate = [scores(0.9, 0.1), scores(0.8, 0.2)];
    assert.equal(evaluateDrift("ks", unlabelled(2), candidate, live).value, 1);
    assert.ok(evaluateDrift("psi", unlabelled(2), candidate, live).value > 1);
    assert.deepEqual(evaluateDrift("ks", unlabelled(2), live, live), { value: 0, samples: 2 });
  });

  it("compares classes by their shares", () => {
    const classes = (...names: string[]) => names.map((name) => out("BYTES", [1], name));
    const expected = 2 * 0.25 * Math.log(3);
    const { value } = evaluateDrift(
      "psi",
      unlabelled(4),
      classes("a", "a", "a", "b"),
      classes("a", "b", "b", "b"),
    );
    assert.ok(Math.abs(value - 2 * expected) < 1e-12, String(value));
    const indexes = (...all: number[]) => all.map((index) => out("INT64", [1], index));
    const same = evaluateDrift("psi", unlabelled(4), indexes(0, 0, 0, 1), indexes(0, 1, 1, 1));
    assert.ok(Math.abs(same.value - value) < 1e-12);
  });

  it("compares all numbers together where samples have different numbers of them", () => {
    const live = [out("FP32", [1, 1], 1), out("FP32", [1, 3], 2, 3, 4)];
    const candidate = [out("FP32", [1, 2], 1, 2), out("FP32", [1, 2], 3, 9)];
    assert.equal(evaluateDrift("ks", unlabelled(2), candidate, live).value, 0.25);
  });

  it("takes rows of several samples by the output's first dimension", () => {
    const batch = out("FP32", [2, 2], 1, 2, 1, 2);
    assert.deepEqual(evaluateDrift("ks", unlabelled(1), [batch], [batch]), { value: 0, samples: 2 });
  });

  it("does not order texts", () => {
    const texts = [out("BYTES", [1], "a")];
    assert.throws(() => evaluateDrift("ks", unlabelled(1), texts, texts), {
      message: "ks compares numbers, but the output is text; psi takes classes",
    });
  });
});
