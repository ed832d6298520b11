import type { ResourceRule } from "../../model/rule";

export const disruptionBudgetUnhealthyPods: ResourceRule = {
  id: "disruption-budget-unhealthy-pods",
  title: "Disruption budgets do not hold a node for broken pods",
  severity: "low",
  description:
    "By default a pod that is not ready counts as one that must stay: a crash loop stops each drain, and the node's security fixes wait for it.",
  remediation:
    'spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels } }',
  types: ["kubernetes:policy/*:PodDisruptionBudget"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const policy = subject.fields.get("spec", "unhealthyPodEvictionPolicy");
    if (policy.value() !== "AlwaysAllow")
      verdict.fail(
        subject,
        `must set \`unhealthyPodEvictionPolicy: "AlwaysAllow"\` (given: ${policy.show()}).`,
      );
  },
};
