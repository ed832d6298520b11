import type { StackService } from "../components";
import { ConfigError } from "./config-error";

/** A service as the configuration has it. */
/** A pool of nodes is an object of the program, which a configuration cannot hold. */
export type ServiceConfig = Omit<StackService, "gpuPool">;

type FieldType =
  "text" | "number" | "map of texts" | "map of values" | "list of tolerations" | "list of models";

interface Field {
  readonly type: FieldType;
  readonly required?: boolean;
  /** Shown in the reference. */
  readonly default?: string;
  readonly doc: string;
}

/** Fields of an entry of `slipway:services`. */
export const SERVICE_FIELDS = {
  name: {
    type: "text",
    required: true,
    doc: "Names the Kubernetes Service, and its host beneath the shared one.",
  },
  models: {
    type: "list of models",
    required: true,
    doc: "The models it serves; a model belongs to one service.",
  },
  replicas: { type: "number", default: "`2`", doc: "Pods at least." },
  maxReplicas: {
    type: "number",
    default: "twice `replicas`",
    doc: "Pods at most; where it is greater than `replicas`, an autoscaler owns their number.",
  },
  targetPercent: {
    type: "number",
    default: "`70`",
    doc: "CPU that pods may use on average before pods are added, in percent of `cpuLimit`.",
  },
  cpuRequest: { type: "text", default: "`250m`", doc: "CPU reserved per pod." },
  cpuLimit: { type: "text", default: "`1`", doc: "CPU per pod at most." },
  memoryRequest: { type: "text", default: "`256Mi`", doc: "Memory reserved per pod." },
  memoryLimit: { type: "text", default: "`1Gi`", doc: "Memory per pod at most." },
  gpus: { type: "number", default: "`0`", doc: "GPUs per pod (`nvidia.com/gpu`)." },
  nodeSelector: {
    type: "map of texts",
    default: "`{}`",
    doc: "Labels of the nodes that the pods may run on.",
  },
  tolerations: { type: "list of tolerations", default: "`[]`", doc: "Taints that the pods tolerate." },
  startupTimeout: { type: "number", default: "`120`", doc: "Seconds that loading the models may take." },
  drainDelay: {
    type: "number",
    default: "`5`",
    doc: "Seconds after its end is asked for in which a pod still takes requests.",
  },
  drainTimeout: {
    type: "number",
    default: "`25`",
    doc: "Seconds after its end is asked for at which a pod ends even if requests are in flight.",
  },
  options: {
    type: "map of values",
    default: "`{}`",
    doc: "Further options of the server, as in `maxQueueSize: 256`.",
  },
} as const satisfies Record<keyof ServiceConfig, Field>;

/** Fields of an entry of `models`. */
export const MODEL_FIELDS = {
  name: { type: "text", required: true, doc: "Name that clients call the model by." },
  version: { type: "text", required: true, doc: "A positive whole number, in quotes." },
  source: { type: "text", required: true, doc: "`oci://HOST[:PORT]/REPOSITORY@sha256:…`." },
  sha256: { type: "text", required: true, doc: "SHA-256 of `model.onnx` in hex." },
} as const satisfies Record<string, Field>;

/** How a value that does not fit is spoken of, and what fits. */
const FITS: Record<FieldType, (value: unknown) => boolean> = {
  text: (value) => typeof value === "string" && value !== "",
  number: (value) => typeof value === "number",
  "map of texts": (value) =>
    isRecord(value) && Object.values(value).every((item) => typeof item === "string"),
  "map of values": (value) =>
    isRecord(value) &&
    Object.values(value).every((item) => ["string", "number", "boolean"].includes(typeof item)),
  "list of tolerations": (value) =>
    Array.isArray(value) && value.every((item) => isRecord(item) && "key" in item),
  "list of models": (value) => Array.isArray(value),
};

/**
 * Checks the form of `slipway:services`; what the values mean is checked by the components.
 * @throws ConfigError for the first thing that is wrong.
 */
export function readServices(parsed: unknown, given: string): ServiceConfig[] {
  if (!Array.isArray(parsed) || parsed.length === 0) {
    throw new ConfigError(`\`slipway:services\` (${shorten(given)}) must be a list of at least one service.`);
  }
  parsed.forEach((service, i) => {
    checkFields(service, SERVICE_FIELDS, `slipway:services[${i}]`);
    const { models } = service as { models: unknown[] };
    models.forEach((model, j) => checkFields(model, MODEL_FIELDS, `slipway:services[${i}].models[${j}]`));
  });
  return parsed as ServiceConfig[];
}

function checkFields(entry: unknown, fields: Readonly<Record<string, Field>>, path: string): void {
  const names = Object.keys(fields).join(", ");
  if (!isRecord(entry)) {
    throw new ConfigError(`\`${path}\` (${shorten(JSON.stringify(entry))}) must be a map with ${names}.`);
  }
  for (const key of Object.keys(entry)) {
    if (!Object.hasOwn(fields, key))
      throw new ConfigError(`\`${path}.${key}\` does not exist; there are ${names}.`);
  }
  for (const [key, field] of Object.entries(fields)) {
    const value = entry[key];
    if (value === undefined || value === null) {
      if (!field.required) continue;
      throw new ConfigError(`\`${path}.${key}\` is missing: a ${field.type}. ${field.doc}`);
    }
    if (!FITS[field.type](value)) {
      throw new ConfigError(
        `\`${path}.${key}\` (${shorten(JSON.stringify(value))}) must be a ${field.type}.`,
      );
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
