import type * as pulumi from "@pulumi/pulumi";
import { checkPoolFit, type GpuPool } from "../internal/gpu-pool";
import { checkAllSigned } from "../internal/model-keys";
import { fetchTime } from "../internal/model-footprint";
import type { Peer } from "../internal/network-policy";
import { checkPeers } from "../internal/peer-checks";
import { checkPodMarks, type PodMarks } from "../internal/placement-checks";
import { byteCount } from "../internal/quantity";
import { imageProblem } from "../internal/references";
import { MEMORY_FORM, checkResources, type Resources } from "../internal/resource-checks";
import { MOST_MODELS } from "../internal/routes";
import { optionProblem } from "../internal/server-options";
import { checkTelemetry, type ServiceTelemetry } from "../internal/server-telemetry";
import { checkServiceName } from "../internal/service-name";
import { Problems, plainValue } from "../internal/validation";
import type { KnownModels, ModelReference } from "../model/repository-models";
import { checkObjectives, type Objectives } from "./objectives";
import { checkPayloadLog } from "./payload-log-checks";
import type { PayloadLog } from "./payload-log-settings";
import { checkScaling, type GivenScaling, type Scaled } from "./scaling-checks";

/** What is checked as it was given. */
export interface GivenService extends GivenScaling {
  readonly image: pulumi.Input<string>;
  readonly repository: KnownModels;
  readonly models: readonly ModelReference[];
  readonly gpuPool?: GpuPool;
  readonly modelSize?: string;
  readonly payloadLog?: PayloadLog;
  readonly objectives?: Objectives;
  readonly gateways?: readonly Peer[];
  readonly scrapers?: readonly Peer[];
  readonly telemetry?: ServiceTelemetry;
}

/** What is checked with its defaults filled in. */
export interface FilledService extends Scaled, Resources, PodMarks, Times {
  readonly gpus: number;
  readonly poolTaken: number;
  /** Bytes; 0 where nobody said. */
  readonly modelBytes: number;
  readonly spread: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Seconds. */
interface Times {
  readonly startupTimeout: number;
  readonly drainDelay: number;
  readonly drainTimeout: number;
}

/** More pods than any cluster has nodes for. */
const MOST_REPLICAS = 10_000;

/** Seconds of a day: what takes longer is a mistake. */
const DAY = 86_400;

/**
 * Checks a service as it was given and as it was understood.
 * @throws InputPropertiesError with every problem.
 */
export function checkService(name: string, args: GivenService, settings: FilledService): void {
  const problems = new Problems("InferenceService", name);
  checkServiceName(name, 50, problems);
  const image = plainValue(args.image);
  const wrongImage = image === undefined ? undefined : imageProblem(image);
  if (wrongImage) problems.add("image", wrongImage);
  checkModels(args, problems);
  checkPeers("gateways", args.gateways, problems);
  checkPeers("scrapers", args.scrapers, problems);
  if (args.telemetry) checkTelemetry(args.telemetry, "telemetry", problems);
  checkReplicas(args, settings, problems);
  checkScaling(args, settings, problems);
  if (args.objectives) checkObjectives(args.objectives, args.watched ?? true, problems);
  if (args.gpuPool) checkPoolFit(settings, args.gpuPool, problems);
  problems.check(
    Number.isInteger(settings.poolTaken) && settings.poolTaken >= 0,
    "poolTaken",
    `${settings.poolTaken} must be a whole number >= 0`,
  );
  checkResources(settings, problems);
  checkModelSize(args, settings, problems);
  checkPodMarks(settings, problems);
  problems.check(
    settings.spread === "preferred" || settings.spread === "required",
    "spread",
    `"${settings.spread}" must be one of preferred, required`,
  );
  checkTimes(settings, problems);
  checkPayloadLog(args.payloadLog, problems);
  for (const option of Object.keys(settings.options)) {
    const wrong = optionProblem(option);
    if (wrong) problems.add(`options.${option}`, wrong);
  }
  problems.throwIfAny();
}

function checkModels(args: GivenService, problems: Problems): void {
  problems.check(args.models.length > 0, "models", "must name at least one model");
  const names = new Set(args.models.map((model) => model.name)).size;
  problems.check(
    names <= MOST_MODELS,
    "models",
    `${names} models must be at most ${MOST_MODELS}, which is what one route can tell apart; use a further service`,
  );
  args.models.forEach((model, i) => {
    const known = args.repository.models.some(
      (other) => other.name === model.name && other.version === model.version,
    );
    const there =
      args.repository.models.map((other) => `${other.name}/${other.version}`).join(", ") || "nothing";
    problems.check(
      known,
      `models[${i}]`,
      `${model.name}/${model.version} is not in the repository, which has ${there}`,
    );
  });
  checkAllSigned(args.models, args.repository, problems);
}

function checkReplicas(args: GivenService, settings: FilledService, problems: Problems): void {
  const { replicas, maxReplicas, gpus } = settings;
  const least = args.scaling && "via" in args.scaling && args.scaling.via === "keda" ? 0 : 1;
  problems.check(
    Number.isInteger(replicas) && replicas >= least,
    "replicas",
    `${replicas} must be a whole number >= ${least}${replicas === 0 ? '; to scale to zero, give `scaling` with `via: "keda"`' : ""}`,
  );
  problems.check(Number.isInteger(maxReplicas), "maxReplicas", `${maxReplicas} must be a whole number`);
  problems.check(
    maxReplicas >= replicas,
    "maxReplicas",
    `${maxReplicas} must be >= \`replicas\` (${replicas})`,
  );
  problems.check(
    !(maxReplicas > MOST_REPLICAS),
    "maxReplicas",
    `${maxReplicas} must be at most ${MOST_REPLICAS}`,
  );
  problems.check(Number.isInteger(gpus) && gpus >= 0, "gpus", `${gpus} must be a whole number >= 0`);
}

/** A GPU has memory of its own: what its pods hold of a model in theirs depends on how it is loaded. */
function checkModelSize(args: GivenService, settings: FilledService, problems: Problems): void {
  const { modelSize } = args;
  if (modelSize === undefined) return;
  problems.check(settings.modelBytes > 0, "modelSize", `"${modelSize}" must be ${MEMORY_FORM}`);
  problems.check(
    fetchTime(settings.modelBytes) <= DAY,
    "modelSize",
    `"${modelSize}" must be at most 1350Gi, which a pod may take a day to fetch`,
  );
  if (settings.gpus > 0) return;
  for (const field of ["memoryRequest", "memoryLimit"] as const) {
    const memory = byteCount(settings[field]);
    problems.check(
      memory === undefined || memory > settings.modelBytes,
      field,
      `"${settings[field]}" cannot hold models of ${modelSize} (\`modelSize\`) and the server`,
    );
  }
}

function checkTimes(settings: Times, problems: Problems): void {
  const { startupTimeout, drainDelay, drainTimeout } = settings;
  const whole = (value: number, least: number) => Number.isInteger(value) && value >= least;
  problems.check(whole(startupTimeout, 1), "startupTimeout", `${startupTimeout} must be whole seconds >= 1`);
  problems.check(whole(drainDelay, 0), "drainDelay", `${drainDelay} must be whole seconds >= 0`);
  problems.check(
    whole(drainTimeout, 1) && drainTimeout > drainDelay,
    "drainTimeout",
    `${drainTimeout} must be whole seconds > \`drainDelay\` (${drainDelay})`,
  );
  for (const field of ["startupTimeout", "drainTimeout"] as const) {
    problems.check(!(settings[field] > DAY), field, `${settings[field]} must be at most ${DAY}, a day`);
  }
}
