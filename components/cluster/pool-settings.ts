import { gpuInstanceType, type GpuSharing } from "../internal/gpu-sharing";

export interface Taint {
  readonly key: string;
  /**
   * @default none
   */
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** Settings of a pool that have a default. */
export interface PoolSettings {
  /**
   * Who makes the nodes: a managed node group of EKS, Karpenter, or nobody, because they are there already.
   * @default "eks"
   */
  readonly provisioner?: "eks" | "karpenter" | "existing";
  /**
   * EC2 types with NVIDIA GPUs, of one architecture, and for `karpenter` of as many GPUs; required but for `existing`.
   * @default none
   */
  readonly instanceTypes?: readonly string[];
  /**
   * How instances are bought. `capacity-block` needs `capacityReservationId`.
   * @default "on-demand"
   */
  readonly capacity?: "on-demand" | "spot" | "capacity-block";
  /**
   * The reservation that instances are taken from: `cr-…`.
   * @default none
   */
  readonly capacityReservationId?: string;
  /**
   * The one zone that nodes are in, as in "eu-central-1a". For `eks` required with `efa` or a reservation, which lie in one zone each.
   * Another zone, or a first one, replaces a node group that is there: the successor's nodes start first, so that a reservation must
   * have room for both.
   * @default every zone of the cluster's nodes
   */
  readonly availabilityZone?: string;
  /**
   * For `eks`: nodes that there are, as nothing here adds any; 0 only where it is `autoscaled`, or for a `capacity-block` that has
   * not begun. Karpenter starts from 0.
   * @default 1 for `eks`, else 0
   */
  readonly minNodes?: number;
  /**
   * Nodes at most: Karpenter's limit, for `eks` that of an autoscaler of your own, for `existing` how many there are.
   * @default 2
   */
  readonly maxNodes?: number;
  /**
   * For `eks`: whether an autoscaler of your own adds nodes up to `maxNodes`. Services may ask for what `minNodes` have else. Updates
   * leave the number of nodes as it is, and AWS refuses a `minNodes` above it: give the group as many nodes first.
   * @default false
   */
  readonly autoscaled?: boolean;
  /**
   * The node's system. `bottlerocket` brings its own device plugin, and is left alone by GpuSupport: nothing tells of its GPUs' load.
   * @default "al2023"
   */
  readonly ami?: "al2023" | "bottlerocket";
  /**
   * GiB of the encrypted volume that images and pods write to; images of GPU servers are large.
   * @default 100
   */
  readonly rootVolumeGiB?: number;
  /**
   * For `eks`: Elastic Fabric Adapter on every network card, and a cluster placement group.
   * @default false
   */
  readonly efa?: boolean;
  /**
   * How pods share a GPU; not for `karpenter`, which makes no nodes for shared ones.
   * @default { mode: "none" }
   */
  readonly sharing?: GpuSharing;
  /**
   * Labels of the nodes, besides the pool's own.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Taints of the nodes, besides the one that keeps pods without GPUs away.
   * @default []
   */
  readonly taints?: readonly Taint[];
  /**
   * For `existing`: labels that the nodes have.
   * @default { "nvidia.com/gpu.present": "true" }
   */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /**
   * For `existing`: GPUs of one node; with MIG, its cuts.
   * @default 1
   */
  readonly gpusPerNode?: number;
  /**
   * Tags of every AWS resource.
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Defaults; a test ties each to its `@default` above. */
export const POOL_DEFAULTS = {
  provisioner: "eks",
  capacity: "on-demand",
  maxNodes: 2,
  autoscaled: false,
  ami: "al2023",
  rootVolumeGiB: 100,
  efa: false,
  sharing: { mode: "none" },
  labels: {},
  taints: [],
  nodeSelector: { "nvidia.com/gpu.present": "true" },
  gpusPerNode: 1,
  tags: {},
} as const satisfies Omit<Required<PoolSettings>, Undefaulted | "instanceTypes" | "minNodes">;

/** What is left out where nothing is said. */
type Undefaulted = "capacityReservationId" | "availabilityZone";

export type ResolvedPool = Required<Omit<PoolSettings, Undefaulted>> & {
  readonly capacityReservationId: string | undefined;
  readonly availabilityZone: string | undefined;
  readonly arch: "amd64" | "arm64";
};

/** Fills in the defaults; `resolvePool` checks them. */
export function withPoolDefaults(args: PoolSettings): ResolvedPool {
  const instanceTypes = args.instanceTypes ?? [];
  const provisioner = args.provisioner ?? POOL_DEFAULTS.provisioner;
  const minNodes = args.minNodes ?? (provisioner === "eks" ? 1 : 0);
  return {
    provisioner,
    instanceTypes,
    capacity: args.capacity ?? POOL_DEFAULTS.capacity,
    capacityReservationId: args.capacityReservationId,
    availabilityZone: args.availabilityZone,
    minNodes,
    maxNodes: args.maxNodes ?? Math.max(POOL_DEFAULTS.maxNodes, minNodes),
    autoscaled: args.autoscaled ?? POOL_DEFAULTS.autoscaled,
    ami: args.ami ?? POOL_DEFAULTS.ami,
    rootVolumeGiB: args.rootVolumeGiB ?? POOL_DEFAULTS.rootVolumeGiB,
    efa: args.efa ?? POOL_DEFAULTS.efa,
    sharing: args.sharing ?? POOL_DEFAULTS.sharing,
    labels: args.labels ?? POOL_DEFAULTS.labels,
    taints: args.taints ?? POOL_DEFAULTS.taints,
    nodeSelector: args.nodeSelector ?? POOL_DEFAULTS.nodeSelector,
    gpusPerNode: args.gpusPerNode ?? POOL_DEFAULTS.gpusPerNode,
    tags: args.tags ?? POOL_DEFAULTS.tags,
    arch: gpuInstanceType(instanceTypes[0] ?? "")?.arch ?? "amd64",
  };
}
