import { podTemplatesOf } from "../../model/pods";
import type { ResourceRule } from "../../model/rule";

export const statefulSetTopologySpread: ResourceRule = {
  id: "stateful-set-topology-spread",
  title: "Replicas of StatefulSets and Rollouts are spread over nodes or zones",
  severity: "low",
  description: "The scheduler may put all replicas on one node, which then takes the service with it.",
  remediation:
    'topologySpreadConstraints: [{ maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", labelSelector }]',
  types: ["kubernetes:apps/*:StatefulSet", "kubernetes:argoproj.io/*:Rollout"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const replicas = subject.fields.get("spec", "replicas");
    if (!replicas.exists() || (replicas.number() ?? 2) < 2) return;
    for (const template of podTemplatesOf(subject)) {
      const pod = template.get("spec");
      const affinity = pod.get("affinity", "podAntiAffinity");
      const spread = [
        pod.get("topologySpreadConstraints"),
        affinity.get("requiredDuringSchedulingIgnoredDuringExecution"),
        affinity.get("preferredDuringSchedulingIgnoredDuringExecution"),
      ].some((list) => list.items().length > 0);
      if (pod.exists() && !spread) {
        verdict.fail(subject, "must set `topologySpreadConstraints` or `podAntiAffinity`.");
      }
    }
  },
};
