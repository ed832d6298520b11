import type { Problems } from "../internal/validation";

/** What a field takes: a kind of value, the fields of an object, or one of several. */
type Rule =
  | "whole number"
  | "number"
  | "text"
  | "true or false"
  | "false"
  | "list"
  | { readonly [field: string]: Rule }
  | readonly Rule[];

/** An object whose fields have names of the user's own, each with this rule. */
const EACH = "*";

/**
 * The fields of `model.json` that a Model takes, with the kinds of their values; a test holds them equal to the server's schema.
 * `sha256` follows from the files, and a pipeline has none.
 */
export const MODEL_OPTIONS: { readonly [field: string]: Rule } = {
  instances: "whole number",
  maxConcurrentRequests: "whole number",
  batching: [
    "false",
    {
      maxBatchSize: "whole number",
      maxQueueDelayMs: "number",
      preferredBatchSizes: "list",
      latencyObjectiveMs: "number",
      preserveOrdering: "true or false",
    },
  ],
  queue: {
    maxSize: "whole number",
    timeoutMs: "number",
    timeoutAction: "text",
    allowTimeoutOverride: "true or false",
    priorityLevels: "whole number",
    defaultPriorityLevel: "whole number",
  },
  execution: {
    providers: "list",
    requireFirstProvider: "true or false",
    graphOptimization: "text",
    precision: "text",
    intraOpThreads: "whole number",
    interOpThreads: "whole number",
  },
  warmup: { inputs: { [EACH]: { shape: "list", data: ["text", "list"] } }, count: "whole number" },
  lazy: "true or false",
  validation: {
    [EACH]: {
      min: "number",
      max: "number",
      finite: "true or false",
      minShape: "list",
      maxShape: "list",
      minLength: "whole number",
      maxLength: "whole number",
      values: "list",
    },
  },
  cache: { maxBytes: "whole number" },
  feedback: {
    output: "text",
    task: "text",
    classes: "list",
    positiveClass: "text",
    threshold: "number",
    retentionSeconds: "whole number",
    maxPredictions: "whole number",
    maxBytes: "whole number",
    sampleRatio: "number",
    windowSeconds: "whole number",
    windowSamples: "whole number",
    segments: { [EACH]: { maxValues: "whole number" } },
  },
  drift: [
    "false",
    {
      windowSeconds: "whole number",
      minSamples: "whole number",
      measure: "text",
      threshold: "number",
      alpha: "number",
      maxFeatures: "whole number",
      maxRowsPerSecond: "whole number",
      outliers: { perRequest: "true or false", margin: "number" },
    },
  ],
  payloads: ["false", { sampleRatio: "number", redact: "list" }],
  versionPolicy: ["text", { latest: "whole number" }, { specific: "list" }],
  labels: { [EACH]: "text" },
};

/** Options of a model, as `model.json` has them. */
export type ModelOptions = Readonly<Record<string, unknown>>;

/** Records what `model.json` does not take. What numbers may be the server checks, as it alone knows the machine. */
export function checkOptions(options: ModelOptions, problems: Problems): void {
  const { sha256, pipeline, ...others } = options;
  problems.check(sha256 === undefined, "options.sha256", "follows from the files; leave it out");
  problems.check(
    pipeline === undefined,
    "options.pipeline",
    "has no meaning for a model that has files; serve the pipeline as a model of its own",
  );
  checkFields(others, MODEL_OPTIONS, "options", problems);
}

function checkFields(
  value: Readonly<Record<string, unknown>>,
  fields: { readonly [field: string]: Rule },
  path: string,
  problems: Problems,
): void {
  for (const [name, inner] of Object.entries(value)) {
    const rule = fields[EACH] ?? (Object.hasOwn(fields, name) ? fields[name] : undefined);
    if (rule === undefined) {
      problems.add(
        `${path}.${name}`,
        `is no field of model.json, which has ${Object.keys(fields).join(", ")} here`,
      );
    } else if (inner !== undefined) {
      checkValue(inner, rule, `${path}.${name}`, problems);
    }
  }
}

function checkValue(value: unknown, rule: Rule, path: string, problems: Problems): void {
  const rules: readonly Rule[] = isList(rule) ? rule : [rule];
  const simple = rules.filter((one) => typeof one === "string");
  const objects = rules.filter((one): one is { readonly [field: string]: Rule } => typeof one !== "string");
  if (isObject(value) && objects.length > 0) {
    const fitting = objects.find((fields) => Object.keys(value).every((name) => Object.hasOwn(fields, name)));
    checkFields(value, fitting ?? Object.assign({}, ...objects), path, problems);
    return;
  }
  if (simple.some((one) => isOfKind(value, one))) return;
  const allowed = [...simple, ...(objects.length > 0 ? ["an object"] : [])].join(" or ");
  problems.add(
    path,
    `${JSON.stringify(value)} must be ${/^[aeiou]|true|false/.test(allowed) ? "" : "a "}${allowed}`,
  );
}

function isOfKind(value: unknown, kind: Rule): boolean {
  switch (kind) {
    case "whole number":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "text":
      return typeof value === "string";
    case "true or false":
      return typeof value === "boolean";
    case "false":
      return value === false;
    case "list":
      return Array.isArray(value);
    default:
      return false;
  }
}

function isList(rule: Rule): rule is readonly Rule[] {
  return Array.isArray(rule);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
