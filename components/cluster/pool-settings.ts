import { GPU_INSTANCE_TYPES } from "../internal/gpu-instance-types";
import { checkSharing, gpuInstanceType, type GpuSharing } from "../internal/gpu-sharing";
import { Problems, isDnsLabel } from "../internal/validation";

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
   * EC2 types with NVIDIA GPUs, of one architecture; required but for `existing`.
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
   * For `eks`: nodes that there are, as nothing here adds any; 0 only for a `capacity-block` that has not begun. Karpenter
   * starts from 0.
   * @default 1 for `eks`, else 0
   */
  readonly minNodes?: number;
  /**
   * Nodes at most: Karpenter's limit, for `eks` that of an autoscaler of your own, for `existing` how many there are.
   * @default 2
   */
  readonly maxNodes?: number;
  /**
   * The node's system.
   * @default "al2023"
   */
  readonly ami?: "al2023" | "bottlerocket";
  /**
   * GiB of the encrypted root volume; images of GPU servers are large.
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
  ami: "al2023",
  rootVolumeGiB: 100,
  efa: false,
  sharing: { mode: "none" },
  labels: {},
  taints: [],
  nodeSelector: { "nvidia.com/gpu.present": "true" },
  gpusPerNode: 1,
  tags: {},
} as const satisfies Omit<Required<PoolSettings>, "instanceTypes" | "capacityReservationId" | "minNodes">;

export type ResolvedPool = Required<Omit<PoolSettings, "capacityReservationId">> & {
  readonly capacityReservationId: string | undefined;
  readonly arch: "amd64" | "arm64";
};

/** What is set for nodes that somebody makes, and so has no effect on those that are there. */
const OF_NEW_NODES = [
  "capacity",
  "capacityReservationId",
  "minNodes",
  "ami",
  "rootVolumeGiB",
  "efa",
  "labels",
  "tags",
] as const;

/** What is said of nodes that are there, and of others follows from their type and name. */
const OF_EXISTING_NODES = ["nodeSelector", "gpusPerNode"] as const;

const CHOICES = {
  provisioner: ["eks", "karpenter", "existing"],
  capacity: ["on-demand", "spot", "capacity-block"],
  ami: ["al2023", "bottlerocket"],
} as const;

/**
 * Fills in the defaults and checks everything.
 * @param hasCluster whether there is a cluster that nodes can join
 * @throws InputPropertiesError with every problem.
 */
export function resolvePool(name: string, args: PoolSettings, hasCluster: boolean): ResolvedPool {
  const instanceTypes = args.instanceTypes ?? [];
  const provisioner = args.provisioner ?? POOL_DEFAULTS.provisioner;
  const minNodes = args.minNodes ?? (provisioner === "eks" ? 1 : 0);
  const settings: ResolvedPool = {
    provisioner,
    instanceTypes,
    capacity: args.capacity ?? POOL_DEFAULTS.capacity,
    capacityReservationId: args.capacityReservationId,
    minNodes,
    maxNodes: args.maxNodes ?? Math.max(POOL_DEFAULTS.maxNodes, minNodes),
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
  const problems = new Problems("GpuNodePool", name);
  problems.check(isDnsLabel(name), "name", `"${name}" must be a DNS label: nodes are labelled with it`);
  for (const [key, values] of Object.entries(CHOICES)) {
    const value = settings[key as keyof typeof CHOICES];
    problems.check(
      (values as readonly string[]).includes(value),
      key,
      `"${value}" must be one of ${values.join(", ")}`,
    );
  }
  problems.check(
    hasCluster || settings.provisioner === "existing",
    "cluster",
    `must be given for provisioner "${settings.provisioner}"`,
  );
  checkNodes(settings, problems);
  checkTypes(settings, problems);
  checkCapacity(settings, problems);
  checkProvisioner(args, settings, problems);
  checkSharing(settings.sharing, settings.instanceTypes, "sharing", problems);
  problems.throwIfAny();
  return settings;
}

function checkNodes({ minNodes, maxNodes, rootVolumeGiB }: ResolvedPool, problems: Problems): void {
  problems.check(
    Number.isInteger(minNodes) && minNodes >= 0,
    "minNodes",
    `${minNodes} must be a whole number of at least 0`,
  );
  problems.check(
    Number.isInteger(maxNodes) && maxNodes >= 1 && maxNodes >= minNodes,
    "maxNodes",
    `${maxNodes} must be a whole number of at least 1 and not less than \`minNodes\` (${minNodes})`,
  );
  problems.check(
    Number.isInteger(rootVolumeGiB) && rootVolumeGiB >= 50,
    "rootVolumeGiB",
    `${rootVolumeGiB} must be a whole number of at least 50`,
  );
}

function checkTypes(
  { provisioner, instanceTypes, efa, gpusPerNode }: ResolvedPool,
  problems: Problems,
): void {
  if (provisioner === "existing") {
    problems.check(
      instanceTypes.length === 0,
      "instanceTypes",
      "have no meaning where nodes exist; leave them out",
    );
    problems.check(
      Number.isInteger(gpusPerNode) && gpusPerNode >= 1,
      "gpusPerNode",
      `${gpusPerNode} must be a whole number of at least 1`,
    );
    return;
  }
  problems.check(instanceTypes.length > 0, "instanceTypes", "must name at least one type, as in g6.xlarge");
  const archs = new Set<string>();
  instanceTypes.forEach((name, i) => {
    const type = gpuInstanceType(name);
    if (!type) {
      problems.add(`instanceTypes[${i}]`, `"${name}" has no NVIDIA GPU that is known; ${alternatives(name)}`);
      return;
    }
    archs.add(type.arch);
    problems.check(
      !efa || type.efaInterfaces > 0,
      "efa",
      `${name} has no Elastic Fabric Adapter; leave it off or take a larger type`,
    );
  });
  problems.check(
    archs.size < 2,
    "instanceTypes",
    `mix ${[...archs].join(" and ")}; a pool has one architecture`,
  );
}

/** Types of the same family, or the families there are. */
function alternatives(name: string): string {
  const family = name.split(".")[0];
  const names = Object.keys(GPU_INSTANCE_TYPES);
  const same = names.filter((other) => other.startsWith(`${family}.`));
  if (same.length > 0) return `of its family there are ${same.join(", ")}`;
  return `there are the families ${[...new Set(names.map((other) => other.split(".")[0]))].join(", ")}`;
}

function checkCapacity(settings: ResolvedPool, problems: Problems): void {
  const { capacity, capacityReservationId, instanceTypes, provisioner } = settings;
  if (capacity === "capacity-block") {
    problems.check(
      capacityReservationId !== undefined,
      "capacityReservationId",
      "must name the capacity block, as in cr-0123456789abcdef0",
    );
    problems.check(
      provisioner !== "eks" || instanceTypes.length === 1,
      "instanceTypes",
      `must be the one type of the capacity block, not ${instanceTypes.length}`,
    );
  } else if (capacity === "spot" && capacityReservationId !== undefined) {
    problems.add("capacityReservationId", "a reservation is never spot; set `capacity` to capacity-block");
  }
  if (capacityReservationId !== undefined) {
    problems.check(
      /^cr-[0-9a-f]{8,17}$/.test(capacityReservationId),
      "capacityReservationId",
      `"${capacityReservationId}" must be as in cr-0123456789abcdef0`,
    );
  }
}

/** Records what the provisioner cannot do, and what it would ignore. */
function checkProvisioner(
  args: PoolSettings,
  { provisioner, capacity, minNodes, efa, sharing }: ResolvedPool,
  problems: Problems,
): void {
  const ignored = provisioner === "existing" ? OF_NEW_NODES : OF_EXISTING_NODES;
  for (const field of ignored) {
    problems.check(
      args[field] === undefined,
      field,
      `has no effect with provisioner "${provisioner}"; leave it out`,
    );
  }
  if (provisioner === "eks") {
    problems.check(
      minNodes > 0 || capacity === "capacity-block",
      "minNodes",
      `${minNodes} must be at least 1: nothing adds nodes to a group of EKS; provisioner "karpenter" starts from 0`,
    );
  } else if (provisioner === "karpenter") {
    problems.check(minNodes === 0, "minNodes", `${minNodes} must be 0: Karpenter makes nodes for pods alone`);
    problems.check(
      (sharing.mode ?? "none") === "none",
      "sharing.mode",
      `"${sharing.mode}" is of no use with Karpenter, which makes no node for a share of a GPU; use provisioner "eks"`,
    );
    problems.check(
      !efa,
      "efa",
      "is not Karpenter's to be told: it gives nodes their adapters for pods that ask for vpc.amazonaws.com/efa; leave it out",
    );
  }
}
