import { podRule, POD_TYPES } from "../../model/pods";

export const podTolerationAll = podRule(
  {
    id: "pod-toleration-all",
    title: "Workloads do not tolerate every taint",
    severity: "low",
    description:
      "A toleration without key lets a pod onto control-plane nodes, nodes that are going down, and GPUs meant for others. Agents run as DaemonSets, which are exempt.",
    remediation: 'tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }]',
    types: POD_TYPES.filter((type) => !type.endsWith(":DaemonSet")),
  },
  (pod) =>
    pod
      .get("tolerations")
      .items()
      .some(
        (toleration) =>
          toleration.get("operator").string() === "Exists" && (toleration.get("key").string() ?? "") === "",
      )
      ? "must name the taint that it tolerates."
      : undefined,
);
