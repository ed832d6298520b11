import { fabricLayouts } from "../internal/gpu-fabric";
import { GPU_INSTANCE_TYPES } from "../internal/gpu-instance-types";
import { checkSharing, gpuInstanceType } from "../internal/gpu-sharing";
import { checkLabels } from "../internal/placement-checks";
import { checkNodeLabels, checkNodeTaints, checkNodeTags } from "../internal/node-marks";
import { Problems, isDnsLabel } from "../internal/validation";
import { type PoolSettings, type ResolvedPool, withPoolDefaults } from "./pool-settings";

/** What is set for nodes that somebody makes, and so has no effect on those that are there. */
const OF_NEW_NODES = [
  "capacity",
  "capacityReservationId",
  "availabilityZone",
  "minNodes",
  "autoscaled",
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

/** The largest cluster that EKS offers. */
const MOST_NODES = 100_000;

/** GiB of a gp3 volume. */
const LARGEST_VOLUME = 16_384;

/** Types of one managed node group. */
const MOST_TYPES = 20;

/** `eu-central-1a`, and local zones: `us-west-2-lax-1a`. */
const ZONE = /^[a-z]{2}(-[a-z]+)+-\d+(-[a-z]+-\d+)?[a-z]$/;

/** What naming a zone does to a live pool. */
const REPLACED = "a node group that is there is replaced, its successor's nodes starting first";

/**
 * Fills in the defaults and checks everything.
 * @param hasCluster whether there is a cluster that nodes can join
 * @throws InputPropertiesError with every problem.
 */
export function resolvePool(name: string, args: PoolSettings, hasCluster: boolean): ResolvedPool {
  const settings = withPoolDefaults(args);
  checkPool(name, args, settings, hasCluster);
  return settings;
}

function checkPool(name: string, args: PoolSettings, settings: ResolvedPool, hasCluster: boolean): void {
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
  checkZone(settings, problems);
  checkProvisioner(args, settings, problems);
  checkSharing(settings.sharing, settings.instanceTypes, settings.ami, "sharing", problems);
  checkNodeLabels(settings.labels, problems);
  checkLabels("nodeSelector", settings.nodeSelector, problems);
  checkNodeTaints(settings.taints, settings.provisioner === "existing", problems);
  checkNodeTags(settings.tags, settings.provisioner, problems);
  problems.throwIfAny();
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
    !(maxNodes > MOST_NODES),
    "maxNodes",
    `${maxNodes} must be at most ${MOST_NODES}: no cluster has more`,
  );
  problems.check(
    Number.isInteger(rootVolumeGiB) && rootVolumeGiB >= 50 && rootVolumeGiB <= LARGEST_VOLUME,
    "rootVolumeGiB",
    `${rootVolumeGiB} must be a whole number from 50 to ${LARGEST_VOLUME}`,
  );
}

function checkTypes(settings: ResolvedPool, problems: Problems): void {
  const { provisioner, instanceTypes, efa, gpusPerNode } = settings;
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
  instanceTypes.forEach((name, i) => {
    const type = gpuInstanceType(name);
    const path = `instanceTypes[${i}]`;
    if (!type) {
      problems.add(path, `"${name}" has no NVIDIA GPU that is known; ${alternatives(name)}`);
      return;
    }
    problems.check(instanceTypes.indexOf(name) === i, path, `"${name}" is there twice`);
    problems.check(
      !efa || type.efaInterfaces > 0,
      "efa",
      `${name} has no Elastic Fabric Adapter; leave it off or take a larger type`,
    );
  });
  checkMix(settings, problems);
}

/** Records types that no single pool can have. */
function checkMix({ provisioner, instanceTypes, efa }: ResolvedPool, problems: Problems): void {
  const types = instanceTypes.flatMap((name) => gpuInstanceType(name) ?? []);
  const archs = [...new Set(types.map(({ arch }) => arch))];
  problems.check(
    archs.length < 2,
    "instanceTypes",
    `mix ${archs.join(" and ")}; a pool has one architecture`,
  );
  const counts = [...new Set(types.map(({ count }) => count))].sort((a, b) => a - b);
  problems.check(
    provisioner !== "karpenter" || counts.length < 2,
    "instanceTypes",
    `have ${counts.join(" and ")} GPUs: Karpenter's limit counts GPUs, and \`maxNodes\` holds for nodes of one size alone; make a pool for each`,
  );
  problems.check(
    !efa || fabricLayouts(instanceTypes) < 2,
    "instanceTypes",
    "have their Elastic Fabric Adapters on different network cards; make a pool for each",
  );
  problems.check(
    provisioner !== "eks" || instanceTypes.length <= MOST_TYPES,
    "instanceTypes",
    `${instanceTypes.length} types must be at most ${MOST_TYPES} in a group of EKS`,
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
  } else if (capacity === "spot" && capacityReservationId !== undefined) {
    problems.add("capacityReservationId", "a reservation is never spot; set `capacity` to capacity-block");
  }
  if (capacity === "capacity-block" || capacityReservationId !== undefined) {
    problems.check(
      provisioner !== "eks" || instanceTypes.length === 1,
      "instanceTypes",
      `must be the one type of the reservation, not ${instanceTypes.length}`,
    );
  }
  if (capacityReservationId !== undefined) {
    problems.check(
      /^cr-[0-9a-f]{8,17}$/.test(capacityReservationId),
      "capacityReservationId",
      `"${capacityReservationId}" must be as in cr-0123456789abcdef0`,
    );
  }
}

/** Records a group of EKS whose nodes can be in one zone only, and that is not told which. One that is there is replaced once it is. */
function checkZone(settings: ResolvedPool, problems: Problems): void {
  const { provisioner, availabilityZone, efa, capacity, capacityReservationId } = settings;
  if (availabilityZone !== undefined) {
    const form = `"${availabilityZone}" must be the name of a zone, as in eu-central-1a`;
    problems.check(ZONE.test(availabilityZone), "availabilityZone", form);
    return;
  }
  if (provisioner !== "eks") return;
  if (efa) {
    problems.add(
      "availabilityZone",
      `must be given with \`efa\`, as in eu-central-1a: its placement group lies in one zone; ${REPLACED}`,
    );
  } else if (capacity === "capacity-block" || capacityReservationId !== undefined) {
    problems.add(
      "availabilityZone",
      `must name the zone that the reservation lies in, as in eu-central-1a; ${REPLACED}, for which the reservation must have room`,
    );
  }
}

/** Records what the provisioner cannot do, and what it would ignore. */
function checkProvisioner(
  args: PoolSettings,
  { provisioner, capacity, minNodes, autoscaled, efa, sharing }: ResolvedPool,
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
      minNodes > 0 || autoscaled || capacity === "capacity-block",
      "minNodes",
      `${minNodes} must be at least 1: nothing adds nodes to a group of EKS; provisioner "karpenter" starts from 0`,
    );
  } else if (provisioner === "karpenter") {
    problems.check(minNodes === 0, "minNodes", `${minNodes} must be 0: Karpenter makes nodes for pods alone`);
    problems.check(!autoscaled, "autoscaled", "is what Karpenter does by itself; leave it out");
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
