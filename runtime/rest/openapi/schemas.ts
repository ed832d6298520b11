import { DATATYPES } from "../../dataplane/datatypes";
import { MOST_ENTRIES } from "../../feedback/feedback-request";

export type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: "string" };
const flag: Schema = { type: "boolean" };
const number: Schema = { type: "number" };
const count: Schema = { type: "integer", minimum: 0 };
const listOf = (items: Schema, more: Schema = {}): Schema => ({ type: "array", items, ...more });
const object = (
  properties: Record<string, Schema>,
  required = Object.keys(properties),
  more: Schema = {},
): Schema => ({
  type: "object",
  required,
  properties,
  ...more,
});
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });

const parameters: Schema = {
  type: "object",
  description: "Values by name. What the server does not know itself is repeated in the answer.",
};

/** Elements of a tensor; nested arrays hold nested arrays. */
const element: Schema = { type: ["number", "string", "boolean", "null", "array"] };

const duration = ref("DurationStatistic");
const durations = (...names: string[]) =>
  object(Object.fromEntries(names.map((name) => [name, duration])), names);

/** The document's `components.schemas`. */
export const SCHEMAS: Readonly<Record<string, Schema>> = {
  Error: object({ error: { type: "string", description: "What is wrong, in one sentence." } }),
  Datatype: { enum: Object.keys(DATATYPES) },
  Parameters: parameters,
  ServerMetadata: object({ name: text, version: text, extensions: listOf(text) }),
  Live: object({ live: flag }),
  Ready: object({ ready: flag }),
  ModelReady: object({ name: text, ready: flag }),
  TensorMetadata: object({
    name: text,
    datatype: ref("Datatype"),
    shape: listOf({ type: "integer", minimum: -1 }, { description: "-1 stands for any size." }),
  }),
  ModelMetadata: object({
    name: text,
    versions: listOf(text),
    platform: text,
    inputs: listOf(ref("TensorMetadata")),
    outputs: listOf(ref("TensorMetadata")),
  }),
  ModelConfig: {
    type: "object",
    required: ["name", "platform", "max_batch_size", "input", "output"],
    properties: {
      name: text,
      platform: text,
      max_batch_size: count,
      input: listOf({ type: "object" }),
      output: listOf({ type: "object" }),
    },
    description: "Triton's ModelConfig.",
  },
  RequestInput: object(
    {
      name: { type: "string", minLength: 1 },
      datatype: ref("Datatype"),
      shape: listOf({ type: "integer", minimum: 1 }, { maxItems: 32 }),
      data: {
        ...element,
        description: "Elements, flat or nested as the shape; left out where `binary_data_size` is given.",
      },
      parameters: object({ binary_data_size: count }, [], {
        description: "Bytes of the tensor after the JSON.",
      }),
    },
    ["name", "datatype", "shape"],
  ),
  RequestOutput: object(
    { name: text, parameters: object({ binary_data: { type: "boolean", default: false } }, []) },
    ["name"],
  ),
  InferRequest: object(
    {
      id: text,
      parameters: {
        ...parameters,
        properties: {
          binary_data_output: { type: "boolean", default: false },
          priority: count,
          timeout: count,
        },
      },
      inputs: listOf(ref("RequestInput"), { minItems: 1 }),
      outputs: listOf(ref("RequestOutput"), {
        description: "Outputs to give, in this order; all when left out.",
      }),
    },
    ["inputs"],
  ),
  ResponseOutput: object(
    {
      name: text,
      datatype: ref("Datatype"),
      shape: listOf(count),
      data: listOf(element),
      parameters: object({ binary_data_size: count }, []),
    },
    ["name", "datatype", "shape"],
  ),
  InferResponse: object(
    {
      model_name: text,
      model_version: text,
      id: text,
      parameters,
      outputs: listOf(ref("ResponseOutput")),
    },
    ["model_name", "model_version", "outputs"],
  ),
  GenerateRequest: {
    type: "object",
    description: "Inputs by name, each one element, a flat or a nested array; other fields are parameters.",
    properties: { id: text, parameters },
  },
  GenerateResponse: {
    type: "object",
    required: ["model_name", "model_version"],
    properties: { model_name: text, model_version: text, id: text },
    additionalProperties: element,
    description: "Outputs by name, each one element or a flat array.",
  },
  Feedback: object(
    {
      requestId: {
        type: "string",
        pattern: "^[\\x21-\\x7e]{1,160}$",
        description: "The answer's `x-request-id`.",
      },
      truth: {
        type: ["number", "string", "boolean", "array"],
        description:
          "What was right: one value, or a list with one for each sample, null for those not known.",
      },
      segment: {
        type: "object",
        additionalProperties: { type: ["string", "number", "boolean"] },
        description: "What the request belongs to, by the keys of `feedback.segments`.",
      },
      prediction: {
        type: ["number", "string", "boolean", "array"],
        description: "What was answered, for a replica that did not answer it itself; needs a version.",
      },
      version: { type: "string", pattern: "^[1-9][0-9]{0,17}$", description: "The version that answered." },
    },
    ["requestId", "truth"],
    { additionalProperties: false },
  ),
  FeedbackRequest: {
    oneOf: [
      ref("Feedback"),
      object({ feedback: listOf(ref("Feedback"), { minItems: 1, maxItems: MOST_ENTRIES }) }, ["feedback"], {
        additionalProperties: false,
      }),
    ],
  },
  FeedbackReceipt: object(
    {
      matched: count,
      unmatched: count,
      duplicate: count,
      unmatchedIds: listOf(text, { description: "Request ids that met no answer, where there are any." }),
    },
    ["matched", "unmatched", "duplicate"],
  ),
  Drift: object(
    {
      model_name: text,
      model_version: text,
      baseline_sha256: {
        type: "string",
        description: "Of `baseline.json`: summaries of other baselines cannot be merged with these.",
      },
      settings: object({
        window_seconds: number,
        min_samples: count,
        measure: text,
        threshold: number,
        alpha: number,
      }),
      rows: { ...count, description: "Rows that were summarised since the version was loaded." },
      window: {
        oneOf: [ref("DriftWindow"), { type: "null" }],
        description: "The window that ended last; null before the first has.",
      },
      baseline: { type: "object", description: "`baseline.json`, where the query says `baseline=true`." },
    },
    ["model_name", "model_version", "baseline_sha256", "settings", "rows", "window"],
  ),
  DriftWindow: object({
    start: { type: "string", format: "date-time" },
    end: { type: "string", format: "date-time" },
    rows: count,
    features: { type: "object", additionalProperties: ref("DriftFeature") },
  }),
  DriftFeature: object({
    state: { enum: ["drifted", "stable", "insufficient"] },
    scores: {
      type: "object",
      additionalProperties: { type: ["number", "null"] },
      description: "By measure; null where the window has no value.",
    },
    p_value: { ...number, description: "Adjusted for the number of features." },
    samples: { ...count, description: "Values, with those that are missing." },
    summary: {
      type: "object",
      required: ["kind", "counts", "missing"],
      properties: { kind: { enum: ["numeric", "categorical"] }, counts: listOf(count), missing: count },
      description: "Counts by the baseline's bins or values; those of replicas add up.",
    },
  }),
  DurationStatistic: object({ count, ns: count }),
  ModelStatistics: object({
    name: text,
    version: text,
    last_inference: count,
    inference_count: count,
    execution_count: count,
    inference_stats: durations(
      "success",
      "fail",
      "queue",
      "compute_input",
      "compute_infer",
      "compute_output",
      "cache_hit",
      "cache_miss",
    ),
    batch_stats: listOf({
      ...object({
        batch_size: count,
        compute_input: duration,
        compute_infer: duration,
        compute_output: duration,
      }),
    }),
  }),
  Statistics: object({ model_stats: listOf(ref("ModelStatistics")) }),
  RepositoryIndexRequest: object({ ready: { type: "boolean", default: false } }, []),
  RepositoryIndex: listOf(object({ name: text, version: text, state: text, reason: text })),
  RepositoryLoadRequest: object(
    {
      parameters: object(
        { config: { type: "string", description: "JSON that stands in for `model.json`." } },
        [],
      ),
    },
    [],
  ),
  RepositoryUnloadRequest: object(
    { parameters: object({ unload_dependents: { type: "boolean", default: false } }, []) },
    [],
  ),
  Empty: { type: "object", maxProperties: 0 },
  OpenApi: object({ openapi: text, info: { type: "object" }, paths: { type: "object" } }),
};
