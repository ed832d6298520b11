import { isHostName, type Problems } from "../internal/validation";
import type {
  AdapterScaling,
  CpuScaling,
  KedaScaling,
  ResolvedKeda,
  ResolvedScaling,
  ServiceScaling,
} from "./scaling-settings";

/** The fields of each kind of scaling: what a kind has not got would silently do nothing. */
const CPU_FIELDS = ["on", "targetPercent", "scaleDownDelay"] satisfies (keyof CpuScaling)[];
const ADAPTER_FIELDS = ["on", "via", "target", "scaleDownDelay"] satisfies (keyof AdapterScaling)[];
const ZERO_FIELDS = ["activationThreshold", "cooldown", "activationQuery"] satisfies (keyof KedaScaling)[];
const KEDA_FIELDS: readonly (keyof KedaScaling)[] = [
  ...ADAPTER_FIELDS,
  "prometheusUrl",
  "authModes",
  "triggerAuthentication",
  "fallbackReplicas",
  ...ZERO_FIELDS,
];

const LOADS = ["cpu", "queueDepth", "concurrency"];
const VIAS = ["prometheus-adapter", "keda"];
const AUTH_MODES = ["bearer", "basic", "tls", "custom"];

/** What the API server allows a stabilization window. */
const MOST_DELAY = 3600;

/** What a service said about its scaling. */
export interface GivenScaling {
  readonly scaling?: ServiceScaling;
  readonly targetPercent?: number;
  /** Whether somebody reads the pods' metrics; left out, that is taken for granted. */
  readonly watched?: boolean;
}

/** What became of it. */
export interface Scaled {
  readonly replicas: number;
  readonly maxReplicas: number;
  readonly scaling: ResolvedScaling;
}

/** Records what is wrong with a service's scaling, on its own and beside what else the service says. */
export function checkScaling(args: GivenScaling, settings: Scaled, problems: Problems): void {
  const { scaling: given } = args;
  const { scaling, replicas, maxReplicas } = settings;
  if (scaling.on === "cpu") checkPercent(args, scaling.targetPercent, problems);
  checkDelay(scaling.scaleDownDelay, problems);
  if (given === undefined) return;
  problems.check(
    maxReplicas !== replicas,
    "maxReplicas",
    `${maxReplicas} must be > \`replicas\` (${replicas}) where there is \`scaling\``,
  );
  const fields = fieldsOfKind(given, problems);
  if (!fields) return;
  for (const field of Object.keys(given)) {
    const what = fields === CPU_FIELDS ? 'on "cpu"' : `via "${(given as KedaScaling).via}"`;
    problems.check(
      (fields as readonly string[]).includes(field),
      `scaling.${field}`,
      `is not for scaling ${what}, which has ${fields.join(", ")}`,
    );
  }
  if (scaling.on === "cpu") return;
  checkRequests(args, scaling, problems);
  if (scaling.via === "keda") checkKeda(given as KedaScaling, scaling, settings, problems);
}

/** Fields that this kind may have; undefined where there is no such kind, which is recorded. */
function fieldsOfKind(
  given: { readonly on: string; readonly via?: string },
  problems: Problems,
): readonly string[] | undefined {
  if (!LOADS.includes(given.on)) {
    problems.add("scaling.on", `"${given.on}" must be one of ${LOADS.join(", ")}`);
    return undefined;
  }
  if (given.on === "cpu") return CPU_FIELDS;
  if (given.via === undefined || !VIAS.includes(given.via)) {
    problems.add("scaling.via", `"${given.via ?? ""}" must be one of ${VIAS.join(", ")}`);
    return undefined;
  }
  return given.via === "keda" ? KEDA_FIELDS : ADAPTER_FIELDS;
}

function checkPercent(args: GivenScaling, targetPercent: number, problems: Problems): void {
  const inScaling = args.scaling?.on === "cpu" && args.scaling.targetPercent !== undefined;
  problems.check(
    targetPercent >= 1 && targetPercent <= 100,
    inScaling ? "scaling.targetPercent" : "targetPercent",
    `${targetPercent} must be from 1 to 100`,
  );
  problems.check(
    !inScaling || args.targetPercent === undefined,
    "scaling.targetPercent",
    "says the same as `targetPercent`: give one of them",
  );
}

function checkDelay(delay: number, problems: Problems): void {
  problems.check(
    Number.isInteger(delay) && delay >= 0 && delay <= MOST_DELAY,
    "scaling.scaleDownDelay",
    `${delay} must be whole seconds from 0 to ${MOST_DELAY}`,
  );
}

function checkRequests(
  args: GivenScaling,
  { on, target }: Exclude<ResolvedScaling, { on: "cpu" }>,
  problems: Problems,
): void {
  problems.check(
    target >= 0.001 && target <= 1_000_000,
    "scaling.target",
    `${target} must be a number from 0.001 to 1000000`,
  );
  problems.check(
    args.targetPercent === undefined,
    "targetPercent",
    `${args.targetPercent} is for scaling on CPU, but \`scaling.on\` is "${on}"`,
  );
  problems.check(
    args.watched !== false,
    "scaling.on",
    `"${on}" needs \`scrapers\`: Prometheus must be let in to read the pods' metrics`,
  );
}

function checkKeda(
  given: KedaScaling,
  keda: ResolvedKeda,
  { replicas, maxReplicas }: Scaled,
  problems: Problems,
): void {
  checkPrometheus(keda, problems);
  const { fallbackReplicas: pods, activationThreshold: threshold, cooldown } = keda;
  problems.check(
    Number.isInteger(pods) && pods >= 1 && pods <= maxReplicas,
    "scaling.fallbackReplicas",
    `${pods} must be a whole number from 1 to \`maxReplicas\` (${maxReplicas})`,
  );
  if (replicas !== 0) {
    for (const field of ZERO_FIELDS) {
      problems.check(
        given[field] === undefined,
        `scaling.${field}`,
        `is for services that scale to zero, but \`replicas\` is ${replicas}`,
      );
    }
    return;
  }
  problems.check(
    Number.isInteger(threshold) && threshold >= 0 && threshold <= 1_000_000,
    "scaling.activationThreshold",
    `${threshold} must be a whole number from 0 to 1000000`,
  );
  problems.check(
    Number.isInteger(cooldown) && cooldown >= 0 && cooldown <= 86_400,
    "scaling.cooldown",
    `${cooldown} must be whole seconds from 0 to 86400`,
  );
  problems.check(keda.activationQuery?.trim() !== "", "scaling.activationQuery", "must not be empty");
}

function checkPrometheus(keda: ResolvedKeda, problems: Problems): void {
  const { prometheusUrl, authModes, triggerAuthentication } = keda;
  problems.check(
    /^https?:\/\/[^\s/]+\S*$/.test(prometheusUrl),
    "scaling.prometheusUrl",
    `"${prometheusUrl}" must be an http or https URL`,
  );
  authModes.forEach((mode, i) =>
    problems.check(
      AUTH_MODES.includes(mode),
      `scaling.authModes[${i}]`,
      `"${mode}" must be one of ${AUTH_MODES.join(", ")}`,
    ),
  );
  problems.check(
    authModes.length === 0 || prometheusUrl.startsWith("https://"),
    "scaling.prometheusUrl",
    `"${prometheusUrl}" must begin with https:// where \`authModes\` sends secrets`,
  );
  problems.check(
    authModes.length === 0 || triggerAuthentication !== undefined,
    "scaling.triggerAuthentication",
    "is missing: it has the secrets of `authModes`",
  );
  problems.check(
    triggerAuthentication === undefined || isHostName(triggerAuthentication),
    "scaling.triggerAuthentication",
    `"${triggerAuthentication}" must be the name of a TriggerAuthentication`,
  );
}
