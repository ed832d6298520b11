import { podTemplateOf } from "../../model/pods";
import type { StackRule } from "../../model/rule";
import { SelectorIndex } from "../../model/selector-index";
import { namespaceOf } from "../../model/subject";

export const statefulSetDisruptionBudget: StackRule = {
  id: "stateful-set-disruption-budget",
  title: "StatefulSets and Rollouts have a disruption budget",
  severity: "low",
  description: "Without a PodDisruptionBudget a node upgrade may evict all replicas at once.",
  remediation:
    "new kubernetes.policy.v1.PodDisruptionBudget(name, { spec: { maxUnavailable: 1, selector: { matchLabels } } })",
  types: ["kubernetes:apps/*:StatefulSet", "kubernetes:argoproj.io/*:Rollout"],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const budgets = new SelectorIndex(stack.ofKind("policy", "PodDisruptionBudget"), ({ fields }) =>
      fields.get("spec", "selector"),
    );
    for (const set of [...stack.ofKind("apps", "StatefulSet"), ...stack.ofKind("argoproj.io", "Rollout")]) {
      verdict.judge(set, () => {
        const labels = podTemplateOf(set)?.get("metadata", "labels").stringMap() ?? new Map<string, string>();
        if (budgets.selecting(namespaceOf(set), labels).length > 0) return;
        if (budgets.isOpen)
          verdict.indeterminate(set, "may be selected by a PodDisruptionBudget not known yet.");
        else verdict.fail(set, "must be selected by a PodDisruptionBudget.");
      });
    }
  },
};
