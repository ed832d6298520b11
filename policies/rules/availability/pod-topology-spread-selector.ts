import { selects } from "../../model/labels";
import { LONG_RUNNING_TYPES, podTemplatesOf } from "../../model/pods";
import type { ResourceRule } from "../../model/rule";

export const podTopologySpreadSelector: ResourceRule = {
  id: "pod-topology-spread-selector",
  title: "Spread constraints count the pods that they are for",
  severity: "medium",
  description:
    "A constraint whose selector does not pick the pod's own labels counts others' pods, or none: it spreads nothing, and nothing says so.",
  remediation:
    "topologySpreadConstraints: [{ …, labelSelector: { matchLabels: { app } } }] // labels that the template has",
  // Pods of other kinds get labels from their controllers, which no template shows.
  types: [...LONG_RUNNING_TYPES, "kubernetes:core/*:Pod"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const template of podTemplatesOf(subject)) {
      for (const constraint of template.get("spec", "topologySpreadConstraints").items()) {
        verdict.judge(subject, () => {
          const labels = template.get("metadata", "labels").stringMap();
          if (!selects(constraint.get("labelSelector"), labels))
            verdict.fail(subject, `must pick labels of its own pods (\`${constraint.path}.labelSelector\`).`);
        });
      }
    }
  },
};
