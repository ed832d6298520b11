import type { DriftConfig } from "../drift/monitor/drift-config";

/** Rows of a run at most, where `model.json` does not say. */
export const DEFAULT_MAX_BATCH_SIZE = 32;

/** How requests gather into runs; `false` in `model.json` turns batching off. */
export interface BatchingConfig {
  /** Rows that one run may have; 1 turns batching off. @default 32 */
  readonly maxBatchSize?: number;
  /** Milliseconds that a request may wait for company while the model is busy anyway. @default 0 */
  readonly maxQueueDelayMs?: number;
  /** Sizes in rows at which a batch goes without waiting further. @default none */
  readonly preferredBatchSizes?: readonly number[];
  /** p99 in milliseconds that size and delay are tuned towards (AIMD); they then are upper bounds. @default off */
  readonly latencyObjectiveMs?: number;
  /** Answers leave in the order in which the requests came. @default false */
  readonly preserveOrdering?: boolean;
}

/** What waits, how long, and who goes first. */
export interface QueueConfig {
  /** Requests that may wait. @default --max-queue-size */
  readonly maxSize?: number;
  /** Milliseconds a request may wait; 0 means for ever. @default 0 */
  readonly timeoutMs?: number;
  /** What becomes of a request that waited too long: refused, or moved behind all others. @default "reject" */
  readonly timeoutAction?: "reject" | "delay";
  /** Whether a request's own `timeout` parameter counts. @default true */
  readonly allowTimeoutOverride?: boolean;
  /** Levels of priority; 1 is served first. 0 has one queue for all. @default 0 */
  readonly priorityLevels?: number;
  /** Level of requests that name none. @default the middle one */
  readonly defaultPriorityLevel?: number;
}

/** How the session computes. */
export interface ExecutionConfig {
  /** Execution providers in the order of preference; those that are missing or do not start are skipped with a warning; `cpu` always comes last. @default ["cpu"] */
  readonly providers?: readonly string[];
  /** Refuses the model where the first provider is missing, instead of falling back. @default false */
  readonly requireFirstProvider?: boolean;
  /** @default "all" */
  readonly graphOptimization?: "disabled" | "basic" | "extended" | "all";
  /** Precision that providers with a choice compute in: of those of onnxruntime-node `qnn` alone; a warning for others. @default as the model's file says */
  readonly precision?: "fp32" | "fp16" | "int8";
  /** Threads inside one operator. @default --intra-op-threads */
  readonly intraOpThreads?: number;
  /** Operators that run at the same time; above 1 the session runs its graph in parallel. @default 1 */
  readonly interOpThreads?: number;
}

/** One tensor of a warm-up request. */
export interface WarmupTensor {
  /** A full shape; left out, the model's own with 1 for each free dimension. */
  readonly shape?: readonly number[];
  /** Equal numbers, random ones, or the values themselves, row-major. @default "zeros" */
  readonly data?: "zeros" | "random" | readonly (number | string | boolean)[];
}

/** Requests that run before the version is ready. */
export interface WarmupConfig {
  /** By input; those left out are zeros. */
  readonly inputs?: Readonly<Record<string, WarmupTensor>>;
  /** How often. @default 1 */
  readonly count?: number;
}

/** What the values of one input must be; a request that differs gets 400 with the input's name. */
export interface InputRules {
  /** Least and largest number, inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** Refuses NaN and infinities, which binary tensors can hold. @default false */
  readonly finite?: boolean;
  /** Least and largest size of each dimension; `null` leaves one free. */
  readonly minShape?: readonly (number | null)[];
  readonly maxShape?: readonly (number | null)[];
  /** Least and largest length of each text, in characters. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** Values that are allowed, of whole numbers and texts. */
  readonly values?: readonly (number | string)[];
}

/** Versions to serve: the highest `latest`, those that are named, or all. */
export type VersionPolicy =
  "all" | { readonly latest: number } | { readonly specific: readonly (string | number)[] };

/** Answers that are kept: same inputs, same outputs. Only for models that give the same answer each time. */
export interface CacheConfig {
  /** Bytes of inputs' digests and outputs. */
  readonly maxBytes: number;
}

/** Where a step of a pipeline takes a tensor from, by its name in the step's model: an input of the pipeline, or a tensor that an earlier step named. */
export type TensorMap = Readonly<Record<string, string>>;

/** One step: runs a model. Steps that need nothing of each other run at the same time. */
export interface PipelineStep {
  readonly model: string;
  /** Version or label. @default the highest that is ready */
  readonly version?: string;
  /** The model's input → a tensor of the pipeline. */
  readonly inputs: TensorMap;
  /** The model's output → the pipeline's name for it. */
  readonly outputs: TensorMap;
  /** Runs the step only for requests that match; tensors that no step gave are then taken from its alternatives. */
  readonly when?: PipelineCondition;
}

/** Compares a request parameter, or the single value of a tensor, with values. */
export interface PipelineCondition {
  readonly parameter?: string;
  readonly tensor?: string;
  /** Matches where the value is one of these. */
  readonly in?: readonly (string | number | boolean)[];
  /** Matches within these bounds, inclusive. */
  readonly min?: number;
  readonly max?: number;
  /** Matches where no earlier step of the same `outputs` did. */
  readonly otherwise?: true;
}

/** Joins tensors of the same shape and type into one. */
export interface PipelineCombine {
  readonly output: string;
  readonly of: readonly string[];
  /** @default "mean" */
  readonly by?: "mean" | "sum" | "max" | "min" | "concat";
  /** By tensor, for mean and sum. @default equal */
  readonly weights?: readonly number[];
  /** Dimension of concat. @default 0 */
  readonly axis?: number;
}

/** An acyclic graph of models that answers as one. */
export interface PipelineConfig {
  readonly inputs: readonly PipelineTensor[];
  readonly outputs: readonly PipelineTensor[];
  readonly steps: readonly PipelineStep[];
  readonly combine?: readonly PipelineCombine[];
}

export interface PipelineTensor {
  readonly name: string;
  readonly datatype: string;
  /** -1 where the size is free. */
  readonly shape: readonly number[];
}

/** What of a model's requests and answers may be written down, where the server keeps a payload log. */
export interface PayloadsConfig {
  /** Share of its requests that is taken. @default --payload-sample-ratio */
  readonly sampleRatio?: number;
  /** Tensors whose values stay out, besides those of --payload-redact and in their form. @default [] */
  readonly redact?: readonly string[];
}

/** Truth about answers, which comes later; see docs/quality.md. */
export interface FeedbackConfig {
  /** The output that is graded; its first dimension is samples. */
  readonly output: string;
  /** One of several classes, yes or no, or numbers. */
  readonly task: "classification" | "binary" | "regression";
  /** Names of the classes by index; of `binary` two. @default their indexes */
  readonly classes?: readonly string[];
  /** Of `binary`: which of `classes` is yes. @default the second */
  readonly positiveClass?: string;
  /** Of `binary`: from which score on the answer is yes. @default 0.5 */
  readonly threshold?: number;
  /** Seconds for which an answer waits for its truth. @default 86400 */
  readonly retentionSeconds?: number;
  /** Answers that wait at most; the oldest go. @default 10000 */
  readonly maxPredictions?: number;
  /** Bytes that they are estimated to hold at most; the oldest go. @default 16777216 */
  readonly maxBytes?: number;
  /** Share of the answers that are kept, by their request ids. @default 1 */
  readonly sampleRatio?: number;
  /** Seconds since their truth came for which samples count. @default 86400 */
  readonly windowSeconds?: number;
  /** Samples that count at most, the latest. @default 10000 */
  readonly windowSamples?: number;
  /** What feedback may be told apart by. @default {} */
  readonly segments?: Readonly<Record<string, FeedbackSegment>>;
}

export interface FeedbackSegment {
  /** Values with a metric of their own; further ones share one, `KEY:other`. @default 20 */
  readonly maxValues?: number;
}

/** `model.json` beside a model's versions. */
export interface ModelConfig {
  /** SHA-256 of `model.onnx` in hex, by version, and of weights beside it, by `<version>/<file>`; a version whose files differ is not loaded. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Worker threads of each version. @default --instances */
  readonly instances?: number;
  /** Requests of this model that may be under way or waiting at a time; further ones get 503. @default no limit */
  readonly maxConcurrentRequests?: number;
  /** @default chosen at load, see `batch-safety.ts` */
  readonly batching?: BatchingConfig | false;
  readonly queue?: QueueConfig;
  readonly execution?: ExecutionConfig;
  readonly warmup?: WarmupConfig;
  /** Loaded by the first request instead of at the start. @default false */
  readonly lazy?: boolean;
  /** Rules for inputs, by name. */
  readonly validation?: Readonly<Record<string, InputRules>>;
  readonly cache?: CacheConfig;
  /** Grades answers by the truth that comes later. @default off */
  readonly feedback?: FeedbackConfig;
  /** How inputs and outputs are compared with `baseline.json`; false does not compare them. @default as DRIFT_DEFAULTS says, where there is a baseline */
  readonly drift?: DriftConfig | false;
  /** What a payload log of the server's may hold of it; false keeps it out altogether. @default as the server's options say */
  readonly payloads?: PayloadsConfig | false;
  /** @default "all" */
  readonly versionPolicy?: VersionPolicy;
  /** Names of versions: `stable`, `canary`. A label stands wherever a version may. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Makes the model a pipeline: its version folders may then be empty. */
  readonly pipeline?: PipelineConfig;
}
