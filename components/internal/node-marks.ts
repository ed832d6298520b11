import { SHARING_LABEL } from "./gpu-sharing";
import { checkLabels, checkToleration } from "./placement-checks";
import { checkTags } from "./tags";
import type { Problems } from "./validation";

/** Taint that keeps pods without GPUs off a pool's nodes. */
export const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" } as const;

/** Label of every node of a pool, with its name. */
export const POOL_LABEL = "slipway.dev/pool";

export const GPU_PRESENT = "nvidia.com/gpu.present";

/** False: the GPU operator runs nothing on the node. */
export const GPU_OPERANDS = "nvidia.com/gpu.deploy.operands";

/** Labels that a pool sets, or leaves out for a reason. */
const OWN_LABELS = [
  POOL_LABEL,
  GPU_PRESENT,
  GPU_OPERANDS,
  SHARING_LABEL,
  "nvidia.com/device-plugin.config",
  "nvidia.com/mig.config",
];

/** Domains whose labels Kubernetes, EKS or Karpenter set on nodes, and let nobody else. */
const RESERVED = ["kubernetes.io", "k8s.io", "eks.amazonaws.com", "karpenter.sh", "karpenter.k8s.aws"];

/** Except these: a kubelet may give them to its node. */
const OPEN = ["node.kubernetes.io", "kubelet.kubernetes.io"];
const WELL_KNOWN = ["node.kubernetes.io/instance-type", "node.kubernetes.io/windows-build"];

/** What Karpenter tags nodes with itself. */
const KARPENTER_TAGS =
  /^(kubernetes\.io\/cluster.*|eks:eks-cluster-name|karpenter\.sh\/node(pool|claim)|karpenter\.k8s\.aws\/ec2nodeclass)$/;

/** Room for "Name", and for the tags that EKS and Karpenter give an instance. */
const OTHERS_TAGS = 10;

interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** Records labels that nodes would not get. */
export function checkNodeLabels(labels: Readonly<Record<string, string>>, problems: Problems): void {
  checkLabels("labels", labels, problems);
  for (const key of Object.keys(labels)) {
    const path = `labels["${key}"]`;
    problems.check(!OWN_LABELS.includes(key), path, "is set by the pool itself");
    const domain = reservedDomain(key);
    problems.check(
      domain === undefined,
      path,
      `labels of ${domain} are not yours to give; take another domain`,
    );
  }
}

function reservedDomain(key: string): string | undefined {
  const domain = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
  const isOf = (other: string) => domain === other || domain.endsWith(`.${other}`);
  if (OPEN.some(isOf) && !WELL_KNOWN.includes(key)) return undefined;
  return RESERVED.find(isOf);
}

/**
 * Records taints that nodes would not get.
 * @param existing whether the nodes are there and have the taints, the one for GPUs among them perhaps
 */
export function checkNodeTaints(taints: readonly NodeTaint[], existing: boolean, problems: Problems): void {
  const seen = new Set(existing ? [] : [`${GPU_TAINT.key}:${GPU_TAINT.effect}`]);
  taints.forEach(({ key, value, effect }, i) => {
    const path = `taints[${i}]`;
    checkToleration({ key, value, effect }, path, problems);
    problems.check(effect !== undefined, `${path}.effect`, "must be given, as in NoSchedule");
    problems.check(value !== "", `${path}.value`, "must be left out where it is empty");
    problems.check(
      !seen.has(`${key}:${effect}`),
      path,
      `there is one with the key "${key}" and the effect ${effect} already`,
    );
    seen.add(`${key}:${effect}`);
  });
}

/** Records tags that nodes would not get. */
export function checkNodeTags(
  tags: Readonly<Record<string, string>>,
  provisioner: string,
  problems: Problems,
): void {
  checkTags(tags, OTHERS_TAGS, problems);
  for (const key of Object.keys(tags)) {
    const own = provisioner === "karpenter" && KARPENTER_TAGS.test(key);
    problems.check(!own, `tags["${key}"]`, "is set by Karpenter itself");
  }
}
