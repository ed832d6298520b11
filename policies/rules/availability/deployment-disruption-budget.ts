import { podTemplateOf } from "../../model/pods";
import type { StackRule } from "../../model/rule";
import { SelectorIndex } from "../../model/selector-index";
import { namespaceOf } from "../../model/subject";

export const deploymentDisruptionBudget: StackRule = {
  id: "deployment-disruption-budget",
  title: "Deployments have a disruption budget",
  severity: "low",
  description: "Without a PodDisruptionBudget a node upgrade may evict all replicas at once.",
  remediation:
    "new kubernetes.policy.v1.PodDisruptionBudget(name, { spec: { maxUnavailable: 1, selector: { matchLabels } } })",
  types: ["kubernetes:apps/*:Deployment"],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const budgets = new SelectorIndex(stack.ofKind("policy", "PodDisruptionBudget"), ({ fields }) =>
      fields.get("spec", "selector"),
    );
    for (const deployment of stack.ofKind("apps", "Deployment")) {
      verdict.judge(deployment, () => {
        const labels =
          podTemplateOf(deployment)?.get("metadata", "labels").stringMap() ?? new Map<string, string>();
        if (budgets.selecting(namespaceOf(deployment), labels).length > 0) return;
        if (budgets.isOpen)
          verdict.indeterminate(deployment, "may be selected by a PodDisruptionBudget not known yet.");
        else verdict.fail(deployment, "must be selected by a PodDisruptionBudget.");
      });
    }
  },
};
