import assert from "node:assert/strict";
import { modelConfigView } from "../../../runtime/dataplane/model-config-view";
import type { ModelConfig } from "../../../runtime/models/model-config";
import type { Servable, ServableSettings } from "../../../runtime/models/servable";

const SETTINGS: ServableSettings = {
  platform: "onnxruntime_onnx",
  instances: 2,
  maxBatchSize: 8,
  maxQueueDelayMs: 0.5,
  preferredBatchSizes: [4],
  priorityLevels: 3,
  defaultPriorityLevel: 2,
  providers: ["cpu"],
};

const SPEC = {
  inputs: [
    { name: "x", datatype: "FP32", shape: [-1, 3, -1] },
    { name: "text", datatype: "BYTES", shape: [-1, 1] },
  ],
  outputs: [{ name: "y", datatype: "INT64", shape: [-1] }],
} as const;

function view(settings: Partial<ServableSettings> = {}, config: Partial<ModelConfig> = {}) {
  const model = { name: "m", version: "1", spec: SPEC, settings: { ...SETTINGS, ...settings } };
  return modelConfigView(model as unknown as Servable, { sha256: {}, ...config });
}

describe("modelConfigView", () => {
  it("says everything of a batching model in Triton's names", () => {
    const config: Partial<ModelConfig> = {
      batching: { preserveOrdering: true },
      queue: { timeoutAction: "delay", timeoutMs: 20, maxSize: 7, allowTimeoutOverride: false },
      cache: { maxBytes: 1024 },
      versionPolicy: { latest: 2 },
      warmup: { inputs: { x: { shape: [1, 3, 5], data: "random" } }, count: 3 },
      execution: { graphOptimization: "basic" },
    };
    const none = { is_shape_tensor: false };
    const input = { ...none, format: "FORMAT_NONE", allow_ragged_batch: false, optional: false };
    assert.deepEqual(view({}, config), {
      name: "m",
      platform: "onnxruntime_onnx",
      backend: "onnxruntime",
      runtime: "",
      version_policy: { latest: { num_versions: 2 } },
      max_batch_size: 8,
      input: [
        { name: "x", data_type: "TYPE_FP32", dims: [3, -1], ...input },
        { name: "text", data_type: "TYPE_STRING", dims: [1], ...input },
      ],
      output: [{ name: "y", data_type: "TYPE_INT64", dims: [], label_filename: "", ...none }],
      batch_input: [],
      batch_output: [],
      optimization: {
        graph: { level: -1 },
        priority: "PRIORITY_DEFAULT",
        input_pinned_memory: { enable: false },
        output_pinned_memory: { enable: false },
      },
      dynamic_batching: {
        preferred_batch_size: [4],
        max_queue_delay_microseconds: 500,
        preserve_ordering: true,
        priority_levels: 3,
        default_priority_level: 2,
        default_queue_policy: {
          timeout_action: "DELAY",
          default_timeout_microseconds: 20000,
          allow_timeout_override: false,
          max_queue_size: 7,
        },
        priority_queue_policy: {},
      },
      instance_group: [
        {
          name: "m_0",
          kind: "KIND_CPU",
          count: 2,
          gpus: [],
          secondary_devices: [],
          profile: [],
          passive: false,
          host_policy: "",
        },
      ],
      default_model_filename: "model.onnx",
      cc_model_filenames: {},
      metric_tags: {},
      parameters: {},
      model_warmup: [
        {
          name: "warmup",
          batch_size: 1,
          inputs: {
            x: { data_type: "TYPE_FP32", dims: [3, 5], random_data: true },
            text: { data_type: "TYPE_STRING", dims: [1], zero_data: true },
          },
          count: 3,
        },
      ],
      model_transaction_policy: { decoupled: false },
      response_cache: { enable: true },
    });
  });

  it("keeps the first dimension where requests are not batched", () => {
    const config = view({ maxBatchSize: 0 });
    assert.deepEqual(
      (config.input as { dims: number[] }[]).map(({ dims }) => dims),
      [
        [-1, 3, -1],
        [-1, 1],
      ],
    );
    assert.equal("dynamic_batching" in config, false);
    assert.deepEqual(config.model_warmup, []);
  });

  it("names GPUs where a provider computes on one", () => {
    const [group] = view({ providers: ["cuda", "cpu"] }).instance_group as { kind: string; gpus: number[] }[];
    assert.deepEqual([group!.kind, group!.gpus], ["KIND_GPU", [0]]);
  });

  for (const [policy, shown] of [
    ["all", { all: {} }],
    [{ specific: ["1", 3] }, { specific: { versions: [1, 3] } }],
  ] as const) {
    it(`shows the version policy ${JSON.stringify(policy)}`, () =>
      assert.deepEqual(view({}, { versionPolicy: policy }).version_policy, shown));
  }

  it("shows a pipeline as an ensemble", () => {
    const map = { x: "x" };
    const config = view(
      { platform: "ensemble", maxBatchSize: 0, instances: 0 },
      {
        pipeline: {
          inputs: [],
          outputs: [],
          steps: [
            { model: "a", version: "2", inputs: map, outputs: map },
            { model: "b", version: "stable", inputs: map, outputs: map },
          ],
        },
      },
    );
    const step = { input_map: map, output_map: map, model_namespace: "" };
    assert.deepEqual(config.ensemble_scheduling, {
      step: [
        { model_name: "a", model_version: 2, ...step },
        { model_name: "b", model_version: -1, ...step },
      ],
    });
    assert.deepEqual([config.backend, config.instance_group, config.default_model_filename], ["", [], ""]);
  });
});
