import assert from "node:assert/strict";
import { parseModelConfig, readModelConfig } from "../../../runtime/models/model-config";
import { modelFolder } from "../support/model-folder";

const digest = "0".repeat(64);

/** Every field once, with values that are not the defaults. */
const EVERYTHING = {
  sha256: { "1": digest, "1/weights.bin": digest },
  instances: 2,
  maxConcurrentRequests: 100,
  batching: {
    maxBatchSize: 8,
    maxQueueDelayMs: 0.5,
    preferredBatchSizes: [4, 8],
    latencyObjectiveMs: 20,
    preserveOrdering: true,
  },
  queue: {
    maxSize: 10,
    timeoutMs: 500,
    timeoutAction: "delay",
    allowTimeoutOverride: false,
    priorityLevels: 3,
    defaultPriorityLevel: 2,
  },
  execution: {
    providers: ["cuda", "cpu"],
    requireFirstProvider: true,
    graphOptimization: "basic",
    precision: "fp16",
    intraOpThreads: 2,
    interOpThreads: 2,
  },
  warmup: { inputs: { x: { shape: [1, 2], data: [1, 2] }, y: { data: "random" } }, count: 3 },
  lazy: true,
  validation: {
    x: { min: 0, max: 1, finite: true, minShape: [1, null], maxShape: [8, null] },
    s: { minLength: 1, maxLength: 10, values: ["a", "b"] },
  },
  cache: { maxBytes: 1_000_000 },
  versionPolicy: { specific: ["1", 2] },
  labels: { stable: "1", canary: "2" },
};

const PIPELINE = {
  pipeline: {
    inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
    outputs: [{ name: "y", datatype: "FP32", shape: [-1, 2] }],
    steps: [
      { model: "m", version: "stable", inputs: { x: "x" }, outputs: { y: "y1" } },
      {
        model: "n",
        inputs: { x: "x" },
        outputs: { y: "y2" },
        when: { parameter: "p", in: ["a"], otherwise: true },
      },
    ],
    combine: [{ output: "y", of: ["y1", "y2"], by: "mean", weights: [0.5, 0.5], axis: 0 }],
  },
};

describe("parseModelConfig", () => {
  it("takes every field", () => assert.deepEqual(parseModelConfig(EVERYTHING), EVERYTHING));
  it("takes a pipeline", () => assert.deepEqual(parseModelConfig(PIPELINE), { sha256: {}, ...PIPELINE }));
  it("takes an empty object", () => assert.deepEqual(parseModelConfig({}), { sha256: {} }));
  it("takes batching that is off", () =>
    assert.deepEqual(parseModelConfig({ batching: false }), { sha256: {}, batching: false }));

  const FIELDS =
    "sha256, instances, maxConcurrentRequests, batching, queue, execution, warmup, lazy, validation, cache, feedback, drift, payloads, versionPolicy, labels, pipeline";
  const POLICY = '"all", {"latest": n} or {"specific": [versions]}';
  const refused: [unknown, string][] = [
    [[], "`model.json` must be a JSON object."],
    [null, "`model.json` must be a JSON object."],
    [{ batch: 1 }, `\`model.json\` has the unknown field \`batch\`; it takes ${FIELDS}.`],
    [
      JSON.parse('{"__proto__": 1}'),
      `\`model.json\` has the unknown field \`__proto__\`; it takes ${FIELDS}.`,
    ],
    [{ sha256: { "1": "abc" } }, "`sha256.1` (abc) in `model.json` must be 64 lower-case hex digits."],
    [
      { sha256: { one: digest } },
      '`sha256` in `model.json` has the key `one`, which must be a version such as "2", or a file beside its model such as "2/weights.bin".',
    ],
    [{ sha256: [] }, "`sha256` in `model.json` must be an object of version to digest."],
    [{ instances: 0 }, "`instances` (0) in `model.json` must be a whole number from 1 to 256."],
    [{ instances: 257 }, "`instances` (257) in `model.json` must be a whole number from 1 to 256."],
    [{ instances: 1.5 }, "`instances` (1.5) in `model.json` must be a whole number from 1 to 256."],
    [{ instances: "2" }, "`instances` (2) in `model.json` must be a whole number from 1 to 256."],
    [{ instances: null }, "`instances` (null) in `model.json` must be a whole number from 1 to 256."],
    [
      { batching: { maxBatchSize: 5000 } },
      "`batching.maxBatchSize` (5000) in `model.json` must be a whole number from 1 to 4096.",
    ],
    [
      { batching: { maxQueueDelayMs: -1 } },
      "`batching.maxQueueDelayMs` (-1) in `model.json` must be a number from 0 to 10000.",
    ],
    [
      { batching: { window: 1 } },
      "`batching` in `model.json` has the unknown field `window`; it takes maxBatchSize, maxQueueDelayMs, preferredBatchSizes, latencyObjectiveMs, preserveOrdering.",
    ],
    [{ batching: true }, "`batching` (true) in `model.json` must be an object or false."],
    [
      { batching: { preferredBatchSizes: [4, 0] } },
      "`batching.preferredBatchSizes[1]` (0) in `model.json` must be a whole number from 1 to 4096.",
    ],
    [
      { batching: { preferredBatchSizes: [64] } },
      "`batching.preferredBatchSizes` (64) in `model.json` must be <= `batching.maxBatchSize` (32).",
    ],
    [
      { queue: { timeoutAction: "drop" } },
      "`queue.timeoutAction` (drop) in `model.json` must be one of reject, delay.",
    ],
    [
      { queue: { defaultPriorityLevel: 2 } },
      "`queue.defaultPriorityLevel` (2) in `model.json` must be <= `queue.priorityLevels` (0).",
    ],
    [
      { execution: { providers: [] } },
      "`execution.providers` in `model.json` must be a list of execution providers, at least one.",
    ],
    [
      { warmup: { inputs: { x: { data: "ones" } } } },
      "`warmup.inputs.x.data` (ones) in `model.json` must be zeros, random, or a list of values.",
    ],
    [{ lazy: "yes" }, "`lazy` (yes) in `model.json` must be true or false."],
    [
      { validation: { x: { min: 2, max: 1 } } },
      "`validation.x.min` (2) in `model.json` must be <= `validation.x.max` (1).",
    ],
    [
      { validation: { x: { minShape: [1], maxShape: [1, 2] } } },
      "`validation.x.minShape` (1 sizes) and `validation.x.maxShape` (2) in `model.json` must have as many sizes.",
    ],
    [
      { validation: { x: { minShape: [null, 3], maxShape: [1, 2] } } },
      "`validation.x.minShape[1]` (3) in `model.json` must be <= `validation.x.maxShape[1]` (2).",
    ],
    [{ cache: {} }, "`cache.maxBytes` in `model.json` is missing; it must be a whole number >= 1024."],
    [{ versionPolicy: "latest" }, `\`versionPolicy\` (latest) in \`model.json\` must be ${POLICY}.`],
    [{ versionPolicy: { newest: 1 } }, `\`versionPolicy\` in \`model.json\` must be ${POLICY}.`],
    [
      { versionPolicy: { latest: 0 } },
      "`versionPolicy.latest` (0) in `model.json` must be a whole number from 1 to 1000.",
    ],
    [
      { versionPolicy: { specific: ["v1"] } },
      '`versionPolicy.specific[0]` (v1) in `model.json` must be a version such as "2".',
    ],
    [
      { payloads: { sampleRatio: 2 } },
      "`payloads.sampleRatio` (2) in `model.json` must be a number from 0 to 1.",
    ],
    [
      { payloads: { redact: "iban" } },
      "`payloads.redact` (iban) in `model.json` must be a list of tensors' names.",
    ],
    [
      { labels: { "2": "1" } },
      "`labels` in `model.json` has the key `2`, which must be a letter and up to 62 letters, digits, dots, dashes or underscores after it.",
    ],
    [{ labels: { stable: 2 } }, '`labels.stable` (2) in `model.json` must be a version such as "2".'],
    [
      { ...PIPELINE, instances: 2 },
      "`instances` in `model.json` does not go with `pipeline`; set it in the `model.json` of the pipeline's models.",
    ],
    [
      { ...PIPELINE, sha256: { "1": digest } },
      "`sha256.1` in `model.json` does not go with `pipeline`, which has no `model.onnx`.",
    ],
    [
      { pipeline: { ...PIPELINE.pipeline, steps: [{ model: "m", inputs: {} }] } },
      "`pipeline.steps[0].outputs` in `model.json` is missing; it must be an object of tensor to tensor.",
    ],
    [
      { pipeline: { ...PIPELINE.pipeline, inputs: [{ name: "x", datatype: "FP8", shape: [0] }] } },
      "`pipeline.inputs[0].datatype` (FP8) in `model.json` must be one of BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, FP32, FP64, BYTES.",
    ],
    [
      { pipeline: { ...PIPELINE.pipeline, inputs: [{ name: "x", datatype: "FP32", shape: [0] }] } },
      "`pipeline.inputs[0].shape[0]` (0) in `model.json` must be a size >= 1, or -1 where it is free.",
    ],
  ];
  for (const [value, sentence] of refused) {
    it(`refuses ${JSON.stringify(value).slice(0, 80)}`, () =>
      assert.throws(() => parseModelConfig(value), { message: sentence }));
  }
});

describe("readModelConfig", () => {
  const folder = (text: string) => modelFolder({ "model.json": text });

  it("has defaults where there is no file", async () =>
    assert.deepEqual(await readModelConfig(modelFolder({ x: "" })), { sha256: {} }));
  it("refuses what is not JSON", () =>
    assert.rejects(readModelConfig(folder("{")), { message: "`model.json` is not valid JSON." }));
  it("puts overriding fields in the place of the file's", async () => {
    const config = await readModelConfig(folder('{"instances": 2, "lazy": true}'), { instances: 3 });
    assert.deepEqual(config, { sha256: {}, instances: 3, lazy: true });
  });
  it("does not let overriding fields lift the digests that the file pins", async () => {
    const pinned = folder(`{"sha256": {"1": "${digest}"}}`);
    const other = "f".repeat(64);
    const config = await readModelConfig(pinned, { sha256: { "1": other, "2": other } });
    assert.deepEqual(config.sha256, { "1": digest, "2": other });
  });
  it("takes overriding fields without a file", async () =>
    assert.deepEqual(await readModelConfig(modelFolder({ x: "" }), { lazy: true }), {
      sha256: {},
      lazy: true,
    }));
});
