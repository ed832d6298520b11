import assert from "node:assert/strict";
import { parseModelConfig } from "../../../runtime/models/model-config";
import { fromTritonConfig, isTritonConfig } from "../../../runtime/models/triton-config";

describe("isTritonConfig", () => {
  it("tells Triton's fields from those of model.json", () => {
    for (const fields of [{ max_batch_size: 1 }, { input: [] }, { instances: 1, name: "m" }]) {
      assert.equal(isTritonConfig(fields), true, JSON.stringify(fields));
    }
    for (const fields of [{}, [], null, "name", { instances: 1 }, { max_size: 1 }]) {
      assert.equal(isTritonConfig(fields), false, JSON.stringify(fields));
    }
  });
});

describe("fromTritonConfig", () => {
  const cases: [string, object, object][] = [
    ["what the model is", { name: "m", platform: "onnxruntime_onnx", backend: "onnxruntime" }, {}],
    ["a batch size", { max_batch_size: 16 }, { batching: { maxBatchSize: 16 } }],
    ["no batching", { max_batch_size: 0 }, { batching: false }],
    ["batching by default", { dynamic_batching: {} }, { batching: {} }],
    [
      "batching, with 64-bit numbers as protobuf writes them",
      {
        dynamic_batching: {
          preferred_batch_size: [4, 8],
          max_queue_delay_microseconds: "2500",
          preserve_ordering: true,
        },
        max_batch_size: 8,
      },
      {
        batching: {
          preferredBatchSizes: [4, 8],
          maxQueueDelayMs: 2.5,
          preserveOrdering: true,
          maxBatchSize: 8,
        },
      },
    ],
    [
      "a queue",
      {
        dynamic_batching: {
          priority_levels: 3,
          default_priority_level: 2,
          default_queue_policy: {
            timeout_action: "DELAY",
            default_timeout_microseconds: 5000,
            allow_timeout_override: true,
            max_queue_size: 7,
          },
        },
      },
      {
        batching: {},
        queue: {
          priorityLevels: 3,
          defaultPriorityLevel: 2,
          timeoutAction: "delay",
          timeoutMs: 5,
          allowTimeoutOverride: true,
          maxSize: 7,
        },
      },
    ],
    [
      "Triton's defaults of a queue",
      { dynamic_batching: { default_priority_level: 0, default_queue_policy: { max_queue_size: 0 } } },
      { batching: {}, queue: { timeoutAction: "reject", allowTimeoutOverride: false } },
    ],
    [
      "instances",
      { instance_group: [{ count: 2, kind: "KIND_CPU", gpus: [] }, { name: "b" }] },
      { instances: 3 },
    ],
    ["no groups", { instance_group: [] }, {}],
    ["all versions", { version_policy: { all: {} } }, { versionPolicy: "all" }],
    ["the latest version", { version_policy: { latest: {} } }, { versionPolicy: { latest: 1 } }],
    ["some latest", { version_policy: { latest: { num_versions: 2 } } }, { versionPolicy: { latest: 2 } }],
    [
      "some versions",
      { version_policy: { specific: { versions: [1, "3"] } } },
      { versionPolicy: { specific: [1, 3] } },
    ],
    [
      "empty fields",
      { input: [], optimization: { cuda: {} }, parameters: {}, max_batch_size: 2 },
      { batching: { maxBatchSize: 2 } },
    ],
  ];
  for (const [what, config, expected] of cases) {
    it(`translates ${what}`, () => {
      const fields = fromTritonConfig(config as Record<string, unknown>, "m");
      assert.deepEqual(fields, expected);
      parseModelConfig(JSON.parse(JSON.stringify(fields)));
    });
  }

  const THERE =
    "name, platform, backend, default_model_filename, max_batch_size, dynamic_batching, instance_group, version_policy";
  const refused: [object, string][] = [
    [{ name: "n" }, '`config` has the `name` "n", must be `m`.'],
    [{ backend: "python" }, '`config` has the `backend` "python", must be `onnxruntime`.'],
    [{ max_batch_size: "many" }, '`config` has the `max_batch_size` "many", must be a whole number >= 0.'],
    [
      { input: [{ name: "x" }] },
      `\`config\` has \`input\` of Triton's model configuration, which cannot be set by a request to load; of that there are ${THERE}.`,
    ],
    [
      { backend: "onnxruntime", instances: 2 },
      "`config` has `instances` beside fields of Triton's model configuration, which has no such field.",
    ],
    [
      { max_batch_size: 0, dynamic_batching: {} },
      "`config` has `dynamic_batching` and a `max_batch_size` of 0, which turns batching off; leave one of them out, or give a size >= 1.",
    ],
    [
      { dynamic_batching: { priority_queue_policy: { 1: { max_queue_size: 2 } } } },
      "`config` has `dynamic_batching.priority_queue_policy`, which the server does not take; leave it out.",
    ],
    [
      { dynamic_batching: { default_queue_policy: { timeout_action: "DROP" } } },
      '`config` has the `dynamic_batching.default_queue_policy.timeout_action` "DROP", must be REJECT or DELAY.',
    ],
    [
      { instance_group: [{ kind: "KIND_GPU" }] },
      '`config` has the `instance_group[0].kind` "KIND_GPU", must be KIND_AUTO or KIND_CPU: where a model computes is said by `execution.providers` in `model.json`.',
    ],
    [
      { instance_group: [{ rate_limiter: { priority: 2 } }] },
      "`config` has `instance_group[0].rate_limiter`, which the server does not take; leave it out.",
    ],
    [
      { version_policy: { all: {}, latest: {} } },
      "`config` has a `version_policy` that must be one of `all`, `latest` and `specific`.",
    ],
  ];
  for (const [config, message] of refused) {
    it(`refuses ${JSON.stringify(config)}`, () =>
      assert.throws(() => fromTritonConfig(config as Record<string, unknown>, "m"), { message }));
  }
});
