/**
 * Triton's model configuration (`model_config.proto` as JSON), of which a request to load may bring fields, as fields of
 * `model.json`. The way back is in `dataplane/model-config-view.ts`.
 */
import { shown } from "../dataplane/shown";

type Fields = Readonly<Record<string, unknown>>;

/** What a field of Triton's adds to fields of `model.json`. */
type Translate = (value: unknown, model: string) => Fields;

const TRANSLATED: Readonly<Record<string, Translate>> = {
  name: (value, model) => requireSame("name", value, model),
  platform: (value) => requireSame("platform", value, "onnxruntime_onnx"),
  backend: (value) => requireSame("backend", value, "onnxruntime"),
  default_model_filename: (value) => requireSame("default_model_filename", value, "model.onnx"),
  max_batch_size: (value) => {
    const maxBatchSize = whole("max_batch_size", value);
    return { batching: maxBatchSize === 0 ? false : { maxBatchSize } };
  },
  dynamic_batching: (value) => dynamicBatching(value),
  instance_group: (value) => ({ instances: instances(value) }),
  version_policy: (value) => ({ versionPolicy: versionPolicy(value) }),
};

/** Further fields of ModelConfig: what they say is elsewhere, or is nothing that the server does. */
const REFUSED = new Set([
  "runtime",
  "input",
  "output",
  "batch_input",
  "batch_output",
  "optimization",
  "sequence_batching",
  "ensemble_scheduling",
  "cc_model_filenames",
  "metric_tags",
  "parameters",
  "model_warmup",
  "model_operations",
  "model_transaction_policy",
  "model_repository_agents",
  "response_cache",
  "model_metrics",
]);

/** Whether fields are Triton's; none of them is one of `model.json`. */
export function isTritonConfig(fields: unknown): fields is Fields {
  if (typeof fields !== "object" || fields === null) return false;
  return Object.keys(fields).some((name) => Object.hasOwn(TRANSLATED, name) || REFUSED.has(name));
}

/**
 * @param model whose configuration it is
 * @throws one sentence that names the field
 */
export function fromTritonConfig(config: Fields, model: string): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(config)) {
    const translate = Object.hasOwn(TRANSLATED, name) ? TRANSLATED[name] : undefined;
    if (translate === undefined) {
      // As in protobuf, an empty value says nothing.
      if (REFUSED.has(name) && isEmpty(value)) continue;
      throw new Error(
        REFUSED.has(name)
          ? `\`config\` has \`${name}\` of Triton's model configuration, which cannot be set by a request to load; of that there are ${Object.keys(TRANSLATED).join(", ")}.`
          : `\`config\` has \`${name.slice(0, 64)}\` beside fields of Triton's model configuration, which has no such field.`,
      );
    }
    for (const [field, part] of Object.entries(translate(value, model))) {
      if (part !== undefined) result[field] = merged(result[field], part);
    }
  }
  return result;
}

/** `max_batch_size` and `dynamic_batching` are one thing here. */
function merged(before: unknown, part: unknown): unknown {
  if (before === undefined) return part;
  if (before === false || part === false) {
    throw new Error(
      "`config` has `dynamic_batching` and a `max_batch_size` of 0, which turns batching off; leave one of them out, or give a size >= 1.",
    );
  }
  return { ...(before as object), ...(part as object) };
}

function dynamicBatching(value: unknown): Fields {
  const fields = object("dynamic_batching", value);
  const batching: Record<string, unknown> = {};
  const queue: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(fields)) {
    const name = `dynamic_batching.${key}`;
    switch (key) {
      case "preferred_batch_size":
        batching.preferredBatchSizes = list(name, inner).map((size, i) => whole(`${name}[${i}]`, size));
        break;
      case "max_queue_delay_microseconds":
        batching.maxQueueDelayMs = whole(name, inner) / 1000;
        break;
      case "preserve_ordering":
        batching.preserveOrdering = flag(name, inner);
        break;
      case "priority_levels":
        queue.priorityLevels = whole(name, inner);
        break;
      case "default_priority_level":
        // 0 is what protobuf makes of a field that was left out.
        if (whole(name, inner) > 0) queue.defaultPriorityLevel = whole(name, inner);
        break;
      case "default_queue_policy":
        Object.assign(queue, queuePolicy(name, inner));
        break;
      default:
        if (!isEmpty(inner)) throw unknownField(name);
    }
  }
  return { batching, ...(Object.keys(queue).length > 0 && { queue }) };
}

function queuePolicy(name: string, value: unknown): Fields {
  const policy: Record<string, unknown> = {
    // Triton's own defaults, of which one differs from that of `model.json`.
    timeoutAction: "reject",
    allowTimeoutOverride: false,
  };
  for (const [key, inner] of Object.entries(object(name, value))) {
    const field = `${name}.${key}`;
    switch (key) {
      case "timeout_action":
        if (inner !== "REJECT" && inner !== "DELAY") throw mustBe(field, inner, "REJECT or DELAY");
        policy.timeoutAction = inner.toLowerCase();
        break;
      case "default_timeout_microseconds":
        policy.timeoutMs = whole(field, inner) / 1000;
        break;
      case "allow_timeout_override":
        policy.allowTimeoutOverride = flag(field, inner);
        break;
      case "max_queue_size":
        // 0 is no limit in Triton; here the server's own holds.
        if (whole(field, inner) > 0) policy.maxSize = whole(field, inner);
        break;
      default:
        if (!isEmpty(inner)) throw unknownField(field);
    }
  }
  return policy;
}

/** Groups are added up: all of them compute where `execution.providers` says. */
function instances(value: unknown): number | undefined {
  let sum = 0;
  for (const [i, group] of list("instance_group", value).entries()) {
    const name = `instance_group[${i}]`;
    const { count = 1, kind = "KIND_AUTO", name: _, ...others } = object(name, group);
    if (kind !== "KIND_AUTO" && kind !== "KIND_CPU") {
      throw new Error(
        `\`config\` has the \`${name}.kind\` ${shown(kind)}, must be KIND_AUTO or KIND_CPU: where a model computes is said by \`execution.providers\` in \`model.json\`.`,
      );
    }
    const other = Object.keys(others).find((key) => !isEmpty(others[key]));
    if (other !== undefined) throw unknownField(`${name}.${other}`);
    sum += whole(`${name}.count`, count) || 1;
  }
  return sum || undefined;
}

function versionPolicy(value: unknown): unknown {
  const policy = object("version_policy", value);
  const [choice, ...more] = Object.keys(policy);
  if (more.length > 0 || (choice !== "all" && choice !== "latest" && choice !== "specific")) {
    throw new Error("`config` has a `version_policy` that must be one of `all`, `latest` and `specific`.");
  }
  const inner = object(`version_policy.${choice}`, policy[choice]);
  if (choice === "all") return "all";
  if (choice === "latest") {
    const name = "version_policy.latest.num_versions";
    return { latest: inner.num_versions === undefined ? 1 : whole(name, inner.num_versions) };
  }
  const name = "version_policy.specific.versions";
  return { specific: list(name, inner.versions).map((version, i) => whole(`${name}[${i}]`, version)) };
}

function requireSame(name: string, value: unknown, only: string): Fields {
  if (value === only || isEmpty(value)) return {};
  throw mustBe(name, value, `\`${only}\``);
}

/** JSON of protobuf writes 64-bit numbers as texts. */
function whole(name: string, value: unknown): number {
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number >= 0) return number;
  throw mustBe(name, value, "a whole number >= 0");
}

function flag(name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw mustBe(name, value, "true or false");
}

function list(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw mustBe(name, value, "an array");
}

function object(name: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw mustBe(name, value, "an object");
}

function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).every(isEmpty);
  return value === null || value === "" || value === false || value === 0;
}

function mustBe(name: string, value: unknown, what: string): Error {
  return new Error(`\`config\` has the \`${name}\` ${shown(value)}, must be ${what}.`);
}

function unknownField(name: string): Error {
  return new Error(`\`config\` has \`${name.slice(0, 80)}\`, which the server does not take; leave it out.`);
}
