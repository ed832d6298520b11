import type * as k8s from "@pulumi/kubernetes/types/input";
import { selectorLabels } from "./labels";
import type { NodeRequirement, Toleration } from "./placement-checks";

/** Where the pods of a service go, resolved. */
export interface PodPlacement {
  readonly service: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly nodeRequirements: readonly NodeRequirement[];
  readonly tolerations: readonly Toleration[];
  readonly spread: "preferred" | "required";
  readonly priorityClassName?: string;
}

type Placement = Pick<
  k8s.core.v1.PodSpec,
  "nodeSelector" | "affinity" | "tolerations" | "priorityClassName" | "topologySpreadConstraints"
>;

/** Empty settings are left out: the API server does not store them, so they would look like a difference. */
export function podPlacement(pods: PodPlacement): Placement {
  const { nodeSelector, nodeRequirements, tolerations, priorityClassName } = pods;
  return {
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(nodeRequirements.length === 0 ? {} : { affinity: nodeAffinity(nodeRequirements) }),
    ...(tolerations.length === 0
      ? {}
      : { tolerations: tolerations.map((toleration) => ({ ...toleration })) }),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    topologySpreadConstraints: [
      spreadOver("kubernetes.io/hostname", pods.service, pods.spread),
      // Zones only if it can be: a zone without free nodes would keep pods from running at all.
      spreadOver("topology.kubernetes.io/zone", pods.service, "preferred"),
    ],
  };
}

/** Each requirement must hold, as with `nodeSelector`. */
function nodeAffinity(requirements: readonly NodeRequirement[]): k8s.core.v1.Affinity {
  const matchExpressions = requirements.map(({ key, operator, values = [] }) => ({
    key,
    operator,
    ...(values.length === 0 ? {} : { values: [...values] }),
  }));
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] },
    },
  };
}

function spreadOver(
  topologyKey: string,
  service: string,
  spread: PodPlacement["spread"],
): k8s.core.v1.TopologySpreadConstraint {
  const labelSelector = { matchLabels: selectorLabels(service) };
  if (spread === "preferred")
    return { maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway", labelSelector };
  return {
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector,
    // A rollout's old pods go anyway: counted, they would push the new ones onto the same nodes.
    matchLabelKeys: ["pod-template-hash"],
    // Nodes that the pods may not use have none, and would for ever keep the others from taking a second one.
    nodeTaintsPolicy: "Honor",
  };
}
