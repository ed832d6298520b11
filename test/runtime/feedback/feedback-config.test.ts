import assert from "node:assert/strict";
import { checkFeedbackOutput } from "../../../runtime/feedback/check-feedback";
import { FEEDBACK_DEFAULTS } from "../../../runtime/feedback/feedback-defaults";
import { parseModelConfig } from "../../../runtime/models/model-config";
import { feedbackSchema } from "../../../runtime/models/model-config-feedback-schema";
import type { FeedbackConfig } from "../../../runtime/models/model-config-types";

const BINARY: FeedbackConfig = { output: "y", task: "binary" };
const WHOLE: FeedbackConfig = {
  ...BINARY,
  classes: ["ham", "spam"],
  positiveClass: "spam",
  threshold: 0.8,
  retentionSeconds: 3600,
  maxPredictions: 500,
  maxBytes: 65_536,
  sampleRatio: 0.1,
  windowSeconds: 600,
  windowSamples: 100,
  segments: { country: { maxValues: 5 }, tier: {} },
};

describe("`feedback` in `model.json`", () => {
  it("is taken as it is", () => {
    assert.deepEqual(parseModelConfig({ feedback: WHOLE }).feedback, WHOLE);
    assert.deepEqual(parseModelConfig({ feedback: BINARY }).feedback, BINARY);
  });

  it("documents the defaults that apply", () => {
    const told: Record<string, unknown> = {};
    const read = (shape: Record<string, { meta(): { default?: unknown } | undefined }>) => {
      for (const [name, field] of Object.entries(shape)) {
        const meta = field.meta();
        if (meta && "default" in meta) told[name] = meta.default;
      }
    };
    read(feedbackSchema.shape as never);
    const segment = (
      feedbackSchema.shape.segments as never as { unwrap(): { valueType: { shape: object } } }
    ).unwrap();
    read(segment.valueType.shape as never);
    assert.deepEqual(told, { ...FEEDBACK_DEFAULTS });
  });

  const six = Object.fromEntries(["a", "b", "c", "d", "e", "f"].map((key) => [key, {}]));
  for (const [feedback, expected] of [
    [
      { task: "binary" },
      "`feedback.output` in `model.json` is missing; it must be a text that is not empty.",
    ],
    [
      { output: "y", task: "ranking" },
      "`feedback.task` (ranking) in `model.json` must be one of classification, binary, regression.",
    ],
    [
      { ...BINARY, window: 3 },
      "`feedback` in `model.json` has the unknown field `window`; it takes output, task, classes, positiveClass, threshold, retentionSeconds, maxPredictions, maxBytes, sampleRatio, windowSeconds, windowSamples, segments.",
    ],
    [
      { ...BINARY, maxPredictions: 0 },
      "`feedback.maxPredictions` (0) in `model.json` must be a whole number from 1 to 1000000.",
    ],
    [
      { ...BINARY, sampleRatio: 2 },
      "`feedback.sampleRatio` (2) in `model.json` must be a number from 0 to 1.",
    ],
    [
      { ...BINARY, classes: ["a"] },
      "`feedback.classes` in `model.json` must be a list of names, at least two.",
    ],
    [
      { ...BINARY, classes: ["a", "b", "c"] },
      "`feedback.classes` in `model.json` has 3 names, but `task` binary has 2 classes.",
    ],
    [{ ...BINARY, classes: ["a", "a"] }, '`feedback.classes` in `model.json` holds "a" twice.'],
    [
      { ...BINARY, classes: ["a", "b"], positiveClass: "c" },
      '`feedback.positiveClass` ("c") in `model.json` must be one of `feedback.classes` (a, b).',
    ],
    [
      { ...BINARY, positiveClass: "c" },
      '`feedback.positiveClass` ("c") in `model.json` must be one of `feedback.classes`, which is missing.',
    ],
    [
      { output: "y", task: "classification", threshold: 0.3 },
      "`feedback.threshold` in `model.json` goes with `task` binary only, and this is classification.",
    ],
    [
      { output: "y", task: "regression", classes: ["a", "b"] },
      "`feedback.classes` in `model.json` does not go with `task` regression, which has numbers.",
    ],
    [
      { ...BINARY, segments: { country: { maxValues: 101 } } },
      "`feedback.segments.country.maxValues` (101) in `model.json` must be a whole number from 1 to 100.",
    ],
    [
      { ...BINARY, segments: { "a=b": {} } },
      "`feedback.segments` in `model.json` has the key `a=b`, which must be a letter and up to 62 letters, digits, underscores, dots or dashes after it.",
    ],
    [
      { ...BINARY, segments: six },
      "`feedback.segments` in `model.json` has 6 segments; at most 5 are taken.",
    ],
  ] as const) {
    it(`is refused as ${JSON.stringify(feedback)}`, () =>
      assert.throws(() => parseModelConfig({ feedback }), { message: expected }));
  }
});

describe("checkFeedbackOutput", () => {
  const spec = (datatype: "FP32" | "BYTES") => ({
    inputs: [],
    outputs: [{ name: "y", datatype, shape: [-1] }],
  });

  it("takes an output that suits the task", () => {
    checkFeedbackOutput("m", spec("FP32"), undefined);
    checkFeedbackOutput("m", spec("FP32"), BINARY);
    checkFeedbackOutput("m", spec("BYTES"), { output: "y", task: "classification" });
    checkFeedbackOutput("m", spec("BYTES"), { ...BINARY, classes: ["a", "b"] });
  });

  for (const [datatype, feedback, expected] of [
    [
      "FP32",
      { ...BINARY, output: "z" },
      "`feedback.output` in `model.json` names the output `z`, but model `m` gives `y`.",
    ],
    [
      "BYTES",
      { output: "y", task: "regression" },
      "`feedback.task` in `model.json` is regression, but the output `y` of model `m` is BYTES: it must hold numbers.",
    ],
    [
      "BYTES",
      BINARY,
      "`feedback` in `model.json` must list its two `classes`: the output `y` of model `m` is BYTES, and holds names.",
    ],
  ] as const) {
    it(`refuses ${expected}`, () =>
      assert.throws(() => checkFeedbackOutput("m", spec(datatype), feedback), { message: expected }));
  }
});
