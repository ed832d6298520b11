import type { StackService } from "../components";
import { ConfigError } from "./config-error";
import { checkFields, shorten, type Field } from "./fields";
import { AVAILABILITY_FIELDS, LATENCY_FIELDS, OBJECTIVES_FIELDS } from "./objectives-config";
import { checkPayloadLogFields } from "./payload-log-config";
import { REQUIREMENT_FIELDS, TOLERATION_FIELDS } from "./placement-config";
import { checkRolloutFields } from "./rollout-config";
import { SCALING_FIELDS } from "./scaling-config";

/** In the configuration a pool of nodes, which is an object of the program, can only be named. */
type Named<T> = Omit<T, "gpuPool"> & { readonly gpuPool?: string };
type Slots = NonNullable<StackService["rollout"]>["slots"];

/** A rollout as the configuration has it. */
export type RolloutConfig = Omit<NonNullable<StackService["rollout"]>, "slots" | "traffic"> & {
  readonly slots: { readonly [S in keyof Slots]: Named<NonNullable<Slots[S]>> };
};

/** A service as the configuration has it: how callers are asked is a matter of the program, as its secrets are. */
export type ServiceConfig = Omit<Named<StackService>, "rollout" | "auth"> & {
  readonly rollout?: RolloutConfig;
};

/** Fields of an entry of `slipway:services`. */
export const SERVICE_FIELDS = {
  name: {
    type: "text",
    required: true,
    doc: "Names the Kubernetes Service, and its host beneath the shared one.",
  },
  models: {
    type: "list of models",
    default: "**required**, unless there is a `rollout`",
    doc: "The models it serves; a model belongs to one service.",
  },
  rollout: {
    type: "map",
    doc: "Two slots in place of the one service, and how requests move from one to the other; see below.",
  },
  replicas: {
    type: "number",
    default: "`2`",
    doc: "Pods at least; `0` lets the service sleep while nobody asks, which only KEDA can do (`scaling`).",
  },
  maxReplicas: {
    type: "number",
    default: "twice `replicas`, at least `2`",
    doc: "Pods at most; where it is greater than `replicas`, an autoscaler owns their number.",
  },
  targetPercent: {
    type: "number",
    default: "`70`",
    doc: "CPU that pods may use on average before pods are added, in percent of `cpuLimit`.",
  },
  scaling: {
    type: "map",
    default: "CPU, at `targetPercent`",
    doc: "What the number of pods follows, as in `{ on: queueDepth, target: 4, via: keda }`; see below.",
  },
  objectives: {
    type: "map",
    doc: "What users are promised, as in `{ availability: { percent: 99.9 } }`; see below. Alerts follow from it.",
  },
  recommendResources: {
    type: "flag",
    default: "`false`",
    doc: "Whether a VerticalPodAutoscaler, which the cluster must know, says what pods should reserve; it changes nothing.",
  },
  modelSize: {
    type: "text",
    doc: "What the files of all models take together, as in `2Gi`: time to start, memory and disk follow from it.",
  },
  cpuRequest: { type: "text", default: "`250m`", doc: "CPU reserved per pod." },
  cpuLimit: { type: "text", default: "`1`", doc: "CPU per pod at most." },
  memoryRequest: {
    type: "text",
    default: "`256Mi`",
    doc: "Memory reserved per pod; left out, it grows by `modelSize`.",
  },
  memoryLimit: {
    type: "text",
    default: "`1Gi`",
    doc: "Memory per pod at most; left out, it grows by twice `modelSize`.",
  },
  gpuPool: {
    type: "text",
    doc: "Name of one of `gpuPools`: pods are placed there, and what the pool cannot give is refused.",
  },
  poolTaken: {
    type: "number",
    default: "`0`",
    doc: "Units of the pool that pods of other stacks may take; what this stack's services take is known. Updates start a pod more before they end an old one only where the rest has room.",
  },
  gpus: { type: "number", default: "`0`", doc: "GPUs per pod (`nvidia.com/gpu`)." },
  nodeSelector: {
    type: "map of texts",
    default: "`{}`",
    doc: "Labels of the nodes that the pods may run on.",
  },
  nodeRequirements: {
    type: "list of maps",
    default: "`[]`",
    doc: "What nodes must have, where `nodeSelector` cannot say it, as in `{ key: zone, operator: NotIn, values: [c] }`.",
  },
  tolerations: { type: "list of tolerations", default: "`[]`", doc: "Taints that the pods tolerate." },
  spread: {
    type: "text",
    default: "`preferred`",
    doc: "`preferred` shares the pods among nodes as far as possible; with `required` a pod waits rather than make it uneven.",
  },
  priorityClassName: { type: "text", doc: "PriorityClass of the pods." },
  podLabels: { type: "map of texts", default: "`{}`", doc: "Further labels of the pods." },
  podAnnotations: { type: "map of texts", default: "`{}`", doc: "Annotations of the pods." },
  imagePullSecrets: {
    type: "list of texts",
    default: "`[]`",
    doc: "Secrets, in the services' namespace, that the server's image is pulled with.",
  },
  startupTimeout: {
    type: "number",
    default: "`120`",
    doc: "Seconds that loading the models may take, once they are fetched; left out, it grows with `modelSize`.",
  },
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
  payloadLog: {
    type: "map",
    doc: "A sample of requests and answers that is kept, as in `{ target: s3://BUCKET, region: eu-central-1, credentialsSecret: NAME }`; see below.",
  },
  options: {
    type: "map of values",
    default: "`{}`",
    doc: "Further options of the server, as in `maxQueueSize: 256`.",
  },
} as const satisfies Record<keyof ServiceConfig, Field>;

const { name: _name, rollout: _rollout, objectives: _objectives, ...SETTINGS_OF_SERVICE } = SERVICE_FIELDS;

/** Fields of a slot: those of a service, whose own ones hold where the slot says nothing. */
export const SLOT_FIELDS = {
  ...SETTINGS_OF_SERVICE,
  models: {
    type: "list of models",
    required: true,
    doc: "The models it serves: both slots serve models of the same names, in any versions.",
  },
  image: { type: "text", default: "`slipway:runtimeImage`", doc: "The server's image, with a digest." },
} as const satisfies Record<string, Field>;

/** Fields of an entry of `models`. */
export const MODEL_FIELDS = {
  name: { type: "text", required: true, doc: "Name that clients call the model by." },
  version: { type: "text", required: true, doc: "A positive whole number, in quotes." },
  source: {
    type: "text",
    doc: "`oci://HOST[:PORT]/REPOSITORY@sha256:…` or `https://…`; in profile `aws` with `modelBucket` a path of the bucket, NAME/VERSION where it is left out.",
  },
  sha256: { type: "text", required: true, doc: "SHA-256 of `model.onnx` in hex." },
  signatureKey: {
    type: "text",
    doc: "Ed25519 public key as PEM that must have signed every file (`<file>.sig` beside it); pods refuse others.",
  },
} as const satisfies Record<string, Field>;

/** A key that nothing stands behind is null in YAML, and as good as left out. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== "object" || value === null) return value;
  const filled = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(filled.map(([key, each]) => [key, withoutEmpty(each)]));
}

/** What of a service has fields of its own. */
interface Parts {
  readonly models?: readonly unknown[];
  readonly rollout?: unknown;
  readonly scaling?: unknown;
  readonly objectives?: { readonly availability?: unknown; readonly latency?: unknown };
  readonly nodeRequirements?: readonly unknown[];
  readonly tolerations?: readonly unknown[];
  readonly payloadLog?: unknown;
}

/**
 * Checks the form of `slipway:services`; what the values mean is checked by the components.
 * @throws ConfigError for the first thing that is wrong.
 */
export function readServices(parsed: unknown, given: string): ServiceConfig[] {
  if (!Array.isArray(parsed) || parsed.length === 0) {
    throw new ConfigError(`\`slipway:services\` (${shorten(given)}) must be a list of at least one service.`);
  }
  const services: unknown[] = parsed.map(withoutEmpty);
  services.forEach((service, i) => {
    const path = `slipway:services[${i}]`;
    const { models, rollout } = service as Parts;
    const isAlone = typeof service === "object" && service !== null && !rollout;
    checkFields(service, isAlone ? { ...SERVICE_FIELDS, models: REQUIRED_MODELS } : SERVICE_FIELDS, path);
    if (models && rollout)
      throw new ConfigError(`\`${path}.models\` cannot be given beside \`rollout\`, whose slots have them.`);
    checkParts(service as Parts, path);
    if (rollout) {
      checkRolloutFields(rollout, `${path}.rollout`, (slot, at) => {
        checkFields(slot, SLOT_FIELDS, at);
        checkParts(slot as Parts, at);
      });
    }
  });
  return services as ServiceConfig[];
}

const REQUIRED_MODELS: Field = { ...SERVICE_FIELDS.models, required: true };

function checkParts(
  { models, scaling, objectives, nodeRequirements, tolerations, payloadLog }: Parts,
  path: string,
): void {
  models?.forEach((model, j) => checkFields(model, MODEL_FIELDS, `${path}.models[${j}]`));
  if (scaling) checkFields(scaling, SCALING_FIELDS, `${path}.scaling`);
  if (payloadLog) checkPayloadLogFields(payloadLog, `${path}.payloadLog`);
  if (objectives) {
    checkFields(objectives, OBJECTIVES_FIELDS, `${path}.objectives`);
    const { availability, latency } = objectives;
    if (availability) checkFields(availability, AVAILABILITY_FIELDS, `${path}.objectives.availability`);
    if (latency) checkFields(latency, LATENCY_FIELDS, `${path}.objectives.latency`);
  }
  nodeRequirements?.forEach((need, j) =>
    checkFields(need, REQUIREMENT_FIELDS, `${path}.nodeRequirements[${j}]`),
  );
  tolerations?.forEach((toleration, j) =>
    checkFields(toleration, TOLERATION_FIELDS, `${path}.tolerations[${j}]`),
  );
}
