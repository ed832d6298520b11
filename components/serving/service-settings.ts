import { blocksUpdates, fillsPool, type GpuPool } from "../internal/gpu-pool";
import { enlarged, loadTime } from "../internal/model-footprint";
import type { NodeRequirement, Toleration } from "../internal/placement-checks";
import { byteCount } from "../internal/quantity";
import { resolveObjectives, type Objectives, type ResolvedObjectives } from "./objectives";
import type { PayloadLog } from "./payload-log-settings";
import { resolveScaling, type ResolvedScaling, type ServiceScaling } from "./scaling-settings";
import { checkService, type GivenService } from "./service-checks";

/** Settings of a service that have a default. Times in seconds. */
export interface ServiceSettings {
  /**
   * Pods at least. Two let one be replaced or lost without a gap; 0 lets the service sleep while nobody asks, which only
   * KEDA can do (`scaling`).
   * @default 2
   */
  readonly replicas?: number;
  /**
   * Pods at most; where it is greater than `replicas`, an autoscaler owns their number.
   * @default twice `replicas`, at least 2
   */
  readonly maxReplicas?: number;
  /**
   * CPU that pods may use on average before pods are added, in percent of their limit, 1 to 100.
   * @default 70
   */
  readonly targetPercent?: number;
  /**
   * What the number of pods follows: CPU, or requests as prometheus-adapter or KEDA see them.
   * @default CPU, at `targetPercent`
   */
  readonly scaling?: ServiceScaling;
  /**
   * What users are promised: alerts fire where the promise is about to be broken, and not before.
   * @default none: alerts fire where nobody serves at all
   */
  readonly objectives?: Objectives;
  /**
   * Whether a VerticalPodAutoscaler says which CPU and memory the server should reserve; it changes nothing. Its CRD is not
   * part of Kubernetes: the cluster needs it.
   * @default false
   */
  readonly recommendResources?: boolean;
  /**
   * What the files of all models take together, as in `2Gi`, rounded up. From it follow time to start, memory and disk;
   * a pod whose models take more than twice as much is evicted.
   * @default none: small models are assumed, and disk is not limited
   */
  readonly modelSize?: string;
  /**
   * CPU reserved per pod: as much as `cpuLimit` where answers may not wait for what else runs on the node.
   * @default "250m"
   */
  readonly cpuRequest?: string;
  /**
   * CPU per pod at most; the server starts as many compute threads as this gives it.
   * @default "1"
   */
  readonly cpuLimit?: string;
  /**
   * Memory reserved per pod. Left out, it grows by `modelSize`.
   * @default "256Mi"
   */
  readonly memoryRequest?: string;
  /**
   * Memory per pod at most. Left out, it grows by twice `modelSize`: loading holds weights and file at once.
   * @default "1Gi"
   */
  readonly memoryLimit?: string;
  /**
   * The nodes whose GPUs the pods use: a GpuNodePool. Pods are placed there, and what the pool cannot give is refused. Where the
   * pool has no room for one pod beyond `maxReplicas`, an update ends a pod before it starts the next, so that one is missing
   * meanwhile; a service of a single pod would be gone, and waits for room instead.
   * @default none
   */
  readonly gpuPool?: GpuPool;
  /**
   * Units of the `gpuPool` that others may take, >= 0. An update starts a pod more before it ends an old one only where the pool then
   * still has room; a ServingStack adds what its own services may take.
   * @default 0
   */
  readonly poolTaken?: number;
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
   * What nodes that the pods may run on must have, where `nodeSelector` cannot say it; each must hold.
   * @default []
   */
  readonly nodeRequirements?: readonly NodeRequirement[];
  /**
   * Taints that the pods tolerate.
   * @default []
   */
  readonly tolerations?: readonly Toleration[];
  /**
   * How evenly nodes share the pods: `preferred` does what is possible, `required` leaves a pod waiting rather than give a
   * node two more than another that could take it. Zones are always shared as far as possible.
   * @default "preferred"
   */
  readonly spread?: "preferred" | "required";
  /**
   * Name of a PriorityClass: what may be evicted for these pods, and what they may be evicted for.
   * @default none
   */
  readonly priorityClassName?: string;
  /**
   * Further labels of the pods, as cost reports and policies of a cluster ask for them.
   * @default {}
   */
  readonly podLabels?: Readonly<Record<string, string>>;
  /**
   * Annotations of the pods.
   * @default {}
   */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /**
   * Names of Secrets, in the service's namespace, that the kubelet pulls the server's image with.
   * @default []
   */
  readonly imagePullSecrets?: readonly string[];
  /**
   * Time that loading the models may take, after they have been fetched. Left out, it grows by a second per 64 MiB of
   * `modelSize`.
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
   * A sample of requests and answers that is kept for looking at later.
   * @default none
   */
  readonly payloadLog?: PayloadLog;
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
  recommendResources: false,
  cpuRequest: "250m",
  cpuLimit: "1",
  memoryRequest: "256Mi",
  memoryLimit: "1Gi",
  poolTaken: 0,
  gpus: 0,
  nodeSelector: {},
  nodeRequirements: [],
  tolerations: [],
  spread: "preferred",
  podLabels: {},
  podAnnotations: {},
  imagePullSecrets: [],
  startupTimeout: 120,
  drainDelay: 5,
  drainTimeout: 25,
  options: {},
} as const satisfies Omit<Required<ServiceSettings>, keyof Derived>;

/** Settings whose default is no value of its own. */
type Derived = Pick<
  ServiceSettings,
  "maxReplicas" | "scaling" | "objectives" | "modelSize" | "gpuPool" | "priorityClassName" | "payloadLog"
>;

/** What NVIDIA's device plugin calls a GPU that is not shared. */
const WHOLE_GPU = "nvidia.com/gpu";

/** Settings with every default filled in. */
export type ResolvedService = Required<Omit<ServiceSettings, keyof Derived | "targetPercent">> & {
  readonly maxReplicas: number;
  readonly scaling: ResolvedScaling;
  readonly objectives?: ResolvedObjectives;
  readonly priorityClassName?: string;
  readonly payloadLog?: PayloadLog;
  /** Bytes of `modelSize`; 0 where nobody said. */
  readonly modelBytes: number;
  /** What pods ask the scheduler for, `gpus` times. */
  readonly gpuResource: string;
  /** Whether a node may have to be started for a pod first. */
  readonly mayAwaitNode: boolean;
  /** Whether an update ends a pod before it starts the next. */
  readonly endsPodsFirst: boolean;
  /** Whether an update may find no room for the pod that it starts first. */
  readonly blocksUpdates: boolean;
};

/** What a service asks of the pool that it is in, defaults filled in. */
export function demandOf(args: Pick<ServiceSettings, "replicas" | "maxReplicas" | "gpus" | "gpuPool">) {
  const replicas = args.replicas ?? SERVICE_DEFAULTS.replicas;
  return {
    replicas,
    maxReplicas: args.maxReplicas ?? Math.max(2, replicas * 2),
    gpus: args.gpus ?? (args.gpuPool ? 1 : SERVICE_DEFAULTS.gpus),
    gpuPool: args.gpuPool,
  };
}

/**
 * Fills in the defaults and checks the whole declaration.
 * @throws InputPropertiesError with every problem.
 */
export function resolveService(name: string, args: ServiceSettings & GivenService): ResolvedService {
  const { replicas, maxReplicas, gpus } = demandOf(args);
  const targetPercent = args.targetPercent ?? SERVICE_DEFAULTS.targetPercent;
  const modelBytes = args.modelSize === undefined ? 0 : (byteCount(args.modelSize) ?? 0);
  const poolTaken = args.poolTaken ?? SERVICE_DEFAULTS.poolTaken;
  const settings: ResolvedService = {
    replicas,
    maxReplicas,
    scaling: resolveScaling(args.scaling, { replicas, targetPercent }),
    objectives: args.objectives && resolveObjectives(args.objectives),
    recommendResources: args.recommendResources ?? SERVICE_DEFAULTS.recommendResources,
    modelBytes,
    cpuRequest: args.cpuRequest ?? SERVICE_DEFAULTS.cpuRequest,
    cpuLimit: args.cpuLimit ?? SERVICE_DEFAULTS.cpuLimit,
    memoryRequest: args.memoryRequest ?? enlarged(SERVICE_DEFAULTS.memoryRequest, modelBytes),
    memoryLimit: args.memoryLimit ?? enlarged(SERVICE_DEFAULTS.memoryLimit, 2 * modelBytes),
    gpus,
    poolTaken,
    endsPodsFirst: fillsPool({ gpus, replicas, maxReplicas, poolTaken }, args.gpuPool),
    blocksUpdates: blocksUpdates({ gpus, replicas, maxReplicas, poolTaken }, args.gpuPool),
    gpuResource: args.gpuPool?.resourceName ?? WHOLE_GPU,
    mayAwaitNode: args.gpuPool?.startsNodes === true,
    nodeSelector: { ...args.gpuPool?.nodeSelector, ...(args.nodeSelector ?? SERVICE_DEFAULTS.nodeSelector) },
    nodeRequirements: args.nodeRequirements ?? SERVICE_DEFAULTS.nodeRequirements,
    tolerations: [
      ...(args.gpuPool?.tolerations ?? []),
      ...(args.tolerations ?? SERVICE_DEFAULTS.tolerations),
    ],
    spread: args.spread ?? SERVICE_DEFAULTS.spread,
    priorityClassName: args.priorityClassName,
    podLabels: args.podLabels ?? SERVICE_DEFAULTS.podLabels,
    podAnnotations: args.podAnnotations ?? SERVICE_DEFAULTS.podAnnotations,
    imagePullSecrets: args.imagePullSecrets ?? SERVICE_DEFAULTS.imagePullSecrets,
    startupTimeout: args.startupTimeout ?? SERVICE_DEFAULTS.startupTimeout + loadTime(modelBytes),
    drainDelay: args.drainDelay ?? SERVICE_DEFAULTS.drainDelay,
    drainTimeout: args.drainTimeout ?? SERVICE_DEFAULTS.drainTimeout,
    payloadLog: args.payloadLog,
    options: args.options ?? SERVICE_DEFAULTS.options,
  };
  checkService(name, args, settings);
  return settings;
}
