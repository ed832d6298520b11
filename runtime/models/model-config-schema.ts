import { z } from "zod";
import type { ModelConfig } from "./model-config-types";
import {
  anyOf,
  atLeast,
  choice,
  flag,
  list,
  matching,
  named,
  number,
  object,
  text,
  whole,
} from "./model-config-rules";
import { driftSchema } from "./model-config-drift-schema";
import { feedbackSchema } from "./model-config-feedback-schema";
import { pipelineSchema } from "./model-config-pipeline-schema";

export const VERSION_PATTERN = /^[1-9]\d{0,17}$/;
const VERSION_TEXT = 'a version such as "2"';
/** Starting with a letter keeps labels apart from versions. */
const LABEL = matching(
  /^[A-Za-z][A-Za-z0-9._-]{0,62}$/,
  "a letter and up to 62 letters, digits, dots, dashes or underscores after it",
);
const version = matching(VERSION_PATTERN, VERSION_TEXT);

const batching = object(
  {
    maxBatchSize: whole(1, 4096)
      .optional()
      .meta({ description: "rows that one run may have; 1 turns batching off", default: 32 }),
    maxQueueDelayMs: number(0, 10_000).optional().meta({
      description:
        "milliseconds that a request may wait for company while the model is busy anyway; a lone request on an idle model starts at once",
      default: 0,
    }),
    preferredBatchSizes: list(whole(1, 4096), "a list of whole numbers from 1 to 4096")
      .optional()
      .describe("sizes in rows at which a batch goes without waiting further"),
    latencyObjectiveMs: number(0.1, 600_000)
      .optional()
      .describe(
        "p99 in milliseconds that size and delay are tuned towards; `maxBatchSize` and `maxQueueDelayMs` then are upper bounds",
      ),
    preserveOrdering: flag()
      .optional()
      .meta({ description: "answers leave in the order in which the requests came", default: false }),
  },
  "an object or false",
);

const queue = object({
  maxSize: atLeast(1).optional().describe("requests that may wait, instead of `--max-queue-size`"),
  timeoutMs: number(0, 86_400_000)
    .optional()
    .meta({ description: "milliseconds a request may wait; 0 means for ever", default: 0 }),
  timeoutAction: choice(["reject", "delay"]).optional().meta({
    description: "what becomes of a request that waited too long: refused, or moved behind all others",
    default: "reject",
  }),
  allowTimeoutOverride: flag()
    .optional()
    .meta({ description: "whether a request's own `timeout` parameter counts", default: true }),
  priorityLevels: whole(0, 100)
    .optional()
    .meta({ description: "levels of priority, 1 is served first; 0 has one queue for all", default: 0 }),
  defaultPriorityLevel: whole(1, 100)
    .optional()
    .describe("level of requests that name none; left out, the middle one"),
});

const execution = object({
  providers: list(text(), "a list of execution providers, at least one", 1)
    .optional()
    .meta({
      description:
        "execution providers in the order of preference; those that are missing or do not start are skipped with a warning",
      default: ["cpu"],
    }),
  requireFirstProvider: flag().optional().meta({
    description: "refuses the model where the first provider is missing, instead of falling back",
    default: false,
  }),
  graphOptimization: choice(["disabled", "basic", "extended", "all"])
    .optional()
    .meta({ description: "level of onnxruntime's graph optimisation", default: "all" }),
  precision: choice(["fp32", "fp16", "int8"])
    .optional()
    .describe(
      "precision that providers with a choice compute in: of those of onnxruntime-node `qnn` alone; others say in the log that they compute in the file's own",
    ),
  intraOpThreads: whole(1, 1024)
    .optional()
    .describe("threads inside one operator, instead of `--intra-op-threads`"),
  interOpThreads: whole(1, 1024).optional().meta({
    description: "operators that run at the same time; above 1 the session runs its graph in parallel",
    default: 1,
  }),
});

const plainValue = anyOf([z.number(), z.string(), z.boolean()], "a number, a text, true or false");
const warmup = object({
  inputs: named(
    object({
      shape: list(atLeast(1), "a list of whole numbers >= 1")
        .optional()
        .describe("a full shape; left out, the model's own with 1 for each free dimension"),
      data: anyOf(
        [choice(["zeros", "random"]), list(plainValue, "a list of values")],
        "zeros, random, or a list of values",
      )
        .optional()
        .meta({ description: "`zeros`, `random`, or the values themselves, row-major", default: "zeros" }),
    }),
    "an object of input to tensor",
  )
    .optional()
    .describe("by input; those left out are zeros"),
  count: whole(1, 1000).optional().meta({ description: "how often", default: 1 }),
});

const bounds = list(
  anyOf([atLeast(1), z.null()], "a whole number >= 1, or null"),
  "a list of sizes, null for free ones",
);
const inputRules = object({
  min: number().optional().describe("least number, inclusive"),
  max: number().optional().describe("largest number, inclusive"),
  finite: flag()
    .optional()
    .meta({ description: "refuses NaN and infinities, which binary tensors can hold", default: false }),
  minShape: bounds.optional().describe("least size of each dimension; null leaves one free"),
  maxShape: bounds.optional().describe("largest size of each dimension; null leaves one free"),
  minLength: atLeast(0).optional().describe("least length of each text, in characters"),
  maxLength: atLeast(0).optional().describe("largest length of each text, in characters"),
  values: list(
    anyOf([z.number(), z.string()], "a number or a text"),
    "a list of numbers or texts, at least one",
    1,
  )
    .optional()
    .describe("values that are allowed, of whole numbers and texts"),
});

const versionPolicy = anyOf(
  [
    z.literal("all", "all"),
    object({ latest: whole(1, 1000).describe("how many of the highest versions") }),
    object({
      specific: list(
        anyOf([version, atLeast(1)], VERSION_TEXT),
        "a list of versions, at least one",
        1,
      ).describe("the versions themselves"),
    }),
  ],
  '"all", {"latest": n} or {"specific": [versions]}',
);

const payloads = object(
  {
    sampleRatio: number(0, 1)
      .optional()
      .describe("share of the model's requests that is taken; left out, `--payload-sample-ratio`"),
    redact: list(text(), "a list of tensors' names")
      .optional()
      .describe(
        "tensors whose values stay out, `*` for all, `name[i]` for index i of the last dimension alone; besides those of `--payload-redact`",
      ),
  },
  "an object or false",
);

/** `model.json`. */
export const modelConfigSchema = object(
  {
    sha256: named(
      matching(/^[0-9a-f]{64}$/, "64 lower-case hex digits"),
      "an object of version to digest",
      matching(
        /^[1-9]\d{0,17}(\/[^/\\]+)?$/,
        'a version such as "2", or a file beside its model such as "2/weights.bin"',
      ),
    )
      .default({})
      .describe(
        "SHA-256 of `model.onnx` in hex, by version, and of the files beside it that hold weights, by `<version>/<file>`; a version whose files differ is not loaded",
      ),
    instances: whole(1, 256).optional().describe("worker threads of each version, instead of `--instances`"),
    maxConcurrentRequests: atLeast(1)
      .optional()
      .describe("requests that may be under way or waiting at a time; further ones get 503"),
    batching: anyOf([z.literal(false), batching], "an object or false")
      .optional()
      .describe(
        "how requests gather into runs; false turns batching off. Left out, it is on where a probe at load shows that rows do not affect each other",
      ),
    queue: queue.optional().describe("what waits, how long, and who goes first"),
    execution: execution.optional().describe("how the session computes"),
    warmup: warmup
      .optional()
      .describe("requests that run before the version is ready; `{}` runs one of zeros"),
    lazy: flag()
      .optional()
      .meta({ description: "loaded by the first request instead of at the start", default: false }),
    validation: named(inputRules, "an object of input to rules")
      .optional()
      .describe("what the values of inputs must be, by input; a request that differs gets 400"),
    cache: object({
      maxBytes: atLeast(1024).describe("bytes of inputs' digests and outputs"),
    })
      .optional()
      .describe("keeps answers, for models that give the same answer to the same inputs each time"),
    feedback: feedbackSchema
      .optional()
      .describe(
        "keeps what was answered until somebody says what was right, and measures how good the model is",
      ),
    drift: anyOf([z.literal(false), driftSchema], "an object or false")
      .optional()
      .describe(
        "how inputs and outputs are compared with `baseline.json` beside the model, where there is one; false ignores it",
      ),
    payloads: anyOf([z.literal(false), payloads], "an object or false")
      .optional()
      .describe(
        "what a payload log (`--payload-log`) holds of the model's requests and answers; false keeps them out of it",
      ),
    versionPolicy: versionPolicy.optional().meta({
      description: "versions to serve: all, the highest `latest`, or the `specific` ones",
      default: "all",
    }),
    labels: named(version, "an object of label to version", LABEL)
      .optional()
      .describe('names of versions, e.g. `{"stable": "2"}`; a label stands wherever a version may'),
    pipeline: pipelineSchema
      .optional()
      .describe(
        "makes the model an acyclic graph of other models; its version folders may be empty, or missing for version 1",
      ),
  },
  "a JSON object",
) satisfies z.ZodType<ModelConfig>;
