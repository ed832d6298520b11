import type { ModelConfig, PipelineConfig, VersionPolicy, WarmupConfig } from "../models/model-config-types";
import type { Servable } from "../models/servable";
import type { TensorSpec } from "../models/signature";
import type { Datatype } from "./datatypes";

type Json = Record<string, unknown>;

/** Milliseconds to the microseconds that Triton counts in. */
const microseconds = (ms: number) => Math.round(ms * 1000);

/**
 * What Triton's model configuration extension says of a model. Names and enums are those of its `model_config.proto`,
 * which `perf_analyzer` and `tritonclient` read; fields of `model.json` that Triton has none for are left out.
 * @param config `model.json` as it is followed at present
 */
export function modelConfigView(model: Servable, config: ModelConfig): Json {
  const { name, spec, settings } = model;
  const { platform, maxBatchSize } = settings;
  const pipeline = platform === "ensemble" ? config.pipeline : undefined;
  return {
    name,
    platform,
    backend: pipeline ? "" : "onnxruntime",
    runtime: "",
    version_policy: versionPolicy(config.versionPolicy ?? "all"),
    max_batch_size: maxBatchSize,
    input: spec.inputs.map((input) => ({
      ...tensor(input, maxBatchSize),
      format: "FORMAT_NONE",
      is_shape_tensor: false,
      allow_ragged_batch: false,
      optional: false,
    })),
    output: spec.outputs.map((output) => ({
      ...tensor(output, maxBatchSize),
      label_filename: "",
      is_shape_tensor: false,
    })),
    batch_input: [],
    batch_output: [],
    optimization: optimization(config),
    ...(maxBatchSize > 0 ? { dynamic_batching: dynamicBatching(model, config) } : {}),
    ...(pipeline ? { ensemble_scheduling: { step: pipeline.steps.map(step) } } : {}),
    instance_group: pipeline ? [] : [instanceGroup(model)],
    default_model_filename: pipeline ? "" : "model.onnx",
    cc_model_filenames: {},
    metric_tags: {},
    parameters: {},
    model_warmup: config.warmup ? [warmup(config.warmup, model)] : [],
    model_transaction_policy: { decoupled: false },
    response_cache: { enable: config.cache !== undefined },
  };
}

function typeName(datatype: Datatype): string {
  return datatype === "BYTES" ? "TYPE_STRING" : `TYPE_${datatype}`;
}

/** Where requests are batched, Triton leaves the first dimension out: it is the batch's. */
function tensor({ name, datatype, shape }: TensorSpec<Datatype>, maxBatchSize: number): Json {
  return { name, data_type: typeName(datatype), dims: maxBatchSize > 0 ? shape.slice(1) : [...shape] };
}

function versionPolicy(policy: VersionPolicy): Json {
  if (policy === "all") return { all: {} };
  if ("latest" in policy) return { latest: { num_versions: policy.latest } };
  return { specific: { versions: policy.specific.map(Number) } };
}

/** Triton's level of graph optimisation: -1 for the basic ones, 0 the default, 1 for extended ones. */
const GRAPH_LEVELS = { disabled: -1, basic: -1, extended: 1, all: 0 } as const;

function optimization({ execution = {} }: ModelConfig): Json {
  const { graphOptimization } = execution;
  return {
    ...(graphOptimization ? { graph: { level: GRAPH_LEVELS[graphOptimization] } } : {}),
    priority: "PRIORITY_DEFAULT",
    input_pinned_memory: { enable: false },
    output_pinned_memory: { enable: false },
  };
}

function dynamicBatching({ settings }: Servable, { batching, queue = {} }: ModelConfig): Json {
  const policy = {
    timeout_action: queue.timeoutAction === "delay" ? "DELAY" : "REJECT",
    default_timeout_microseconds: microseconds(queue.timeoutMs ?? 0),
    allow_timeout_override: queue.allowTimeoutOverride ?? true,
    max_queue_size: queue.maxSize ?? 0,
  };
  return {
    preferred_batch_size: [...settings.preferredBatchSizes],
    max_queue_delay_microseconds: microseconds(settings.maxQueueDelayMs),
    preserve_ordering: (batching || undefined)?.preserveOrdering ?? false,
    priority_levels: settings.priorityLevels,
    default_priority_level: settings.defaultPriorityLevel,
    default_queue_policy: policy,
    priority_queue_policy: {},
  };
}

function instanceGroup({ name, settings }: Servable): Json {
  const gpu = settings.providers.some((provider) => GPU_PROVIDERS.has(provider));
  return {
    name: `${name}_0`,
    kind: gpu ? "KIND_GPU" : "KIND_CPU",
    count: settings.instances,
    gpus: gpu ? [0] : [],
    secondary_devices: [],
    profile: [],
    passive: false,
    host_policy: "",
  };
}

const GPU_PROVIDERS = new Set(["cuda", "tensorrt", "dml", "webgpu"]);

function warmup({ inputs = {}, count = 1 }: WarmupConfig, { spec, settings }: Servable): Json {
  const tensors = spec.inputs.map((input) => {
    const { data = "zeros", shape } = inputs[input.name] ?? {};
    const full = shape ?? input.shape.map((size) => (size === -1 ? 1 : size));
    // Values that are listed have no field in Triton's message, which takes them from files.
    const source = data === "random" ? { random_data: true } : data === "zeros" ? { zero_data: true } : {};
    const dims = settings.maxBatchSize > 0 ? full.slice(1) : [...full];
    return [input.name, { data_type: typeName(input.datatype), dims, ...source }] as const;
  });
  return { name: "warmup", batch_size: 1, inputs: Object.fromEntries(tensors), count };
}

function step({ model, version, inputs, outputs }: PipelineConfig["steps"][number]): Json {
  // Triton knows numbers only, and -1 for the latest; what a label names may change.
  const number = version !== undefined && /^\d+$/.test(version) ? Number(version) : -1;
  return {
    model_name: model,
    model_version: number,
    input_map: { ...inputs },
    output_map: { ...outputs },
    model_namespace: "",
  };
}
