import type { ModelReference, ModelRepository } from "../model/model-repository";
import type * as pulumi from "@pulumi/pulumi";
import { checkPoolFit, type GpuPool } from "../internal/gpu-pool";
import { imageProblem } from "../internal/references";
import { MOST_MODELS } from "../internal/routes";
import { checkResources } from "../internal/resource-checks";
import { optionProblem } from "../internal/server-options";
import { Problems, isDnsLabel, plainValue } from "../internal/validation";

/** Settings of a service that have a default. Times in seconds. */
export interface ServiceSettings {
  /**
   * Pods at least. Two let one be replaced or lost without a gap.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Pods at most; where it is greater than `replicas`, an autoscaler owns their number.
   * @default twice `replicas`
   */
  readonly maxReplicas?: number;
  /**
   * CPU that pods may use on average before pods are added, in percent of their limit.
   * @default 70
   */
  readonly targetPercent?: number;
  /**
   * CPU reserved per pod.
   * @default "250m"
   */
  readonly cpuRequest?: string;
  /**
   * CPU per pod at most; the server starts as many compute threads as this gives it.
   * @default "1"
   */
  readonly cpuLimit?: string;
  /**
   * Memory reserved per pod.
   * @default "256Mi"
   */
  readonly memoryRequest?: string;
  /**
   * Memory per pod at most.
   * @default "1Gi"
   */
  readonly memoryLimit?: string;
  /**
   * The nodes whose GPUs the pods use: a GpuNodePool. Pods are placed there, and what the pool cannot give is refused.
   * @default none
   */
  readonly gpuPool?: GpuPool;
  /**
   * GPUs per pod; of a pool that shares GPUs, the units of it. 1 where there is a `gpuPool` and nothing is said.
   * @default 0
   */
  readonly gpus?: number;
  /**
   * Labels of the nodes that the pods may run on.
   * @default {}
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * Taints that the pods tolerate.
   * @default []
   */
  readonly tolerations?: readonly { key: string; operator?: string; value?: string; effect?: string }[];
  /**
   * Time that loading the models may take.
   * @default 120
   */
  readonly startupTimeout?: number;
  /**
   * Time after the end is asked for in which a pod still takes requests, so that every proxy stops sending first.
   * @default 5
   */
  readonly drainDelay?: number;
  /**
   * Time after the end is asked for at which a pod ends even if requests are in flight; more than `drainDelay`.
   * @default 25
   */
  readonly drainTimeout?: number;
  /**
   * Further options of the server by name, as in `{ maxQueueSize: 256 }`. Left out, `maxBodyBytes` is a 64th of `memoryLimit`
   * (64 MiB at most) and `maxPendingBytes` a quarter.
   * @default {}
   */
  readonly options?: Readonly<Record<string, string | number | boolean>>;
}

/** Defaults; a test ties each to its `@default` above. `maxReplicas` follows from `replicas`. */
export const SERVICE_DEFAULTS = {
  replicas: 2,
  targetPercent: 70,
  cpuRequest: "250m",
  cpuLimit: "1",
  memoryRequest: "256Mi",
  memoryLimit: "1Gi",
  gpus: 0,
  nodeSelector: {},
  tolerations: [],
  startupTimeout: 120,
  drainDelay: 5,
  drainTimeout: 25,
  options: {},
} as const satisfies Omit<Required<ServiceSettings>, "maxReplicas" | "gpuPool">;

/** What NVIDIA's device plugin calls a GPU that is not shared. */
const WHOLE_GPU = "nvidia.com/gpu";

/** Settings with every default filled in. */
export type ResolvedService = Required<Omit<ServiceSettings, "gpuPool">> & {
  /** What pods ask the scheduler for, `gpus` times. */
  readonly gpuResource: string;
};

interface Declaration extends ServiceSettings {
  readonly image: pulumi.Input<string>;
  readonly repository: Pick<ModelRepository, "models">;
  readonly models: readonly ModelReference[];
}

/**
 * Fills in the defaults and checks the whole declaration.
 * @throws InputPropertiesError with every problem.
 */
export function resolveService(name: string, args: Declaration): ResolvedService {
  const replicas = args.replicas ?? SERVICE_DEFAULTS.replicas;
  const settings: ResolvedService = {
    replicas,
    maxReplicas: args.maxReplicas ?? replicas * 2,
    targetPercent: args.targetPercent ?? SERVICE_DEFAULTS.targetPercent,
    cpuRequest: args.cpuRequest ?? SERVICE_DEFAULTS.cpuRequest,
    cpuLimit: args.cpuLimit ?? SERVICE_DEFAULTS.cpuLimit,
    memoryRequest: args.memoryRequest ?? SERVICE_DEFAULTS.memoryRequest,
    memoryLimit: args.memoryLimit ?? SERVICE_DEFAULTS.memoryLimit,
    gpus: args.gpus ?? (args.gpuPool ? 1 : SERVICE_DEFAULTS.gpus),
    gpuResource: args.gpuPool?.resourceName ?? WHOLE_GPU,
    nodeSelector: { ...args.gpuPool?.nodeSelector, ...(args.nodeSelector ?? SERVICE_DEFAULTS.nodeSelector) },
    tolerations: [
      ...(args.gpuPool?.tolerations ?? []),
      ...(args.tolerations ?? SERVICE_DEFAULTS.tolerations),
    ],
    startupTimeout: args.startupTimeout ?? SERVICE_DEFAULTS.startupTimeout,
    drainDelay: args.drainDelay ?? SERVICE_DEFAULTS.drainDelay,
    drainTimeout: args.drainTimeout ?? SERVICE_DEFAULTS.drainTimeout,
    options: args.options ?? SERVICE_DEFAULTS.options,
  };
  const problems = new Problems("InferenceService", name);
  problems.check(
    isDnsLabel(name) && name.length <= 50 && /^[a-z]/.test(name),
    "name",
    `"${name}" must be at most 50 lower-case letters, digits and "-", beginning with a letter: it names the Service`,
  );
  const image = plainValue(args.image);
  const wrongImage = image === undefined ? undefined : imageProblem(image);
  if (wrongImage) problems.add("image", wrongImage);
  checkModels(args, problems);
  checkScale(settings, problems);
  if (args.gpuPool) checkPoolFit(settings, args.gpuPool, problems);
  checkResources(settings, problems);
  checkTimes(settings, problems);
  for (const option of Object.keys(settings.options)) {
    const wrong = optionProblem(option);
    if (wrong) problems.add(`options.${option}`, wrong);
  }
  problems.throwIfAny();
  return settings;
}

function checkModels(args: Declaration, problems: Problems): void {
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
}

function checkScale(settings: ResolvedService, problems: Problems): void {
  const { replicas, maxReplicas, targetPercent, gpus } = settings;
  problems.check(
    Number.isInteger(replicas) && replicas >= 1,
    "replicas",
    `${replicas} must be a whole number >= 1`,
  );
  problems.check(Number.isInteger(maxReplicas), "maxReplicas", `${maxReplicas} must be a whole number`);
  problems.check(
    maxReplicas >= replicas,
    "maxReplicas",
    `${maxReplicas} must be >= \`replicas\` (${replicas})`,
  );
  problems.check(
    targetPercent >= 1 && targetPercent <= 100,
    "targetPercent",
    `${targetPercent} must be from 1 to 100`,
  );
  problems.check(Number.isInteger(gpus) && gpus >= 0, "gpus", `${gpus} must be a whole number >= 0`);
}

function checkTimes(settings: ResolvedService, problems: Problems): void {
  const { startupTimeout, drainDelay, drainTimeout } = settings;
  const whole = (value: number, least: number) => Number.isInteger(value) && value >= least;
  problems.check(whole(startupTimeout, 1), "startupTimeout", `${startupTimeout} must be whole seconds >= 1`);
  problems.check(whole(drainDelay, 0), "drainDelay", `${drainDelay} must be whole seconds >= 0`);
  problems.check(
    whole(drainTimeout, 1) && drainTimeout > drainDelay,
    "drainTimeout",
    `${drainTimeout} must be whole seconds > \`drainDelay\` (${drainDelay})`,
  );
}
