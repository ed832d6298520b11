import type { Field } from "../../model/field";
import { selects } from "../../model/labels";
import { podTemplateOf } from "../../model/pods";
import { groupBy } from "../../model/group-by";
import type { StackRule } from "../../model/rule";
import { scalersByTarget } from "../../model/scalers";
import { nameOf, namespaceOf, type Subject } from "../../model/subject";

function percentage(field: Field): number | undefined {
  const [, digits] = /^(\d+)%$/.exec(field.string() ?? "") ?? [];
  return digits === undefined ? undefined : Number(digits);
}

function isNone(field: Field): boolean {
  return field.value() === 0 || field.string() === "0" || percentage(field) === 0;
}

export const disruptionBudgetAllowsDrain: StackRule = {
  id: "disruption-budget-allows-drain",
  title: "Disruption budgets let a node be drained",
  severity: "medium",
  description:
    "A budget that spares every pod stops each drain: nodes cannot be renewed, and their security fixes wait.",
  remediation: "spec: { maxUnavailable: 1, selector: { matchLabels } }",
  types: ["kubernetes:policy/*:PodDisruptionBudget"],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const scalers = scalersByTarget(stack);
    const deployments = groupBy(stack.ofKind("apps", "Deployment"), (deployment) => {
      const namespace = deployment.fields.get("metadata", "namespace");
      return namespace.isUnknown ? "" : namespaceOf(deployment);
    });
    const isScaled = (deployment: Subject): boolean =>
      scalers.has(`${namespaceOf(deployment)}/Deployment/${nameOf(deployment)}`);
    for (const budget of stack.ofKind("policy", "PodDisruptionBudget")) {
      verdict.judge(budget, () => {
        const [most, least] = [
          budget.fields.get("spec", "maxUnavailable"),
          budget.fields.get("spec", "minAvailable"),
        ];
        if (isNone(most)) return verdict.fail(budget, `must not set \`maxUnavailable: ${most.show()}\`.`);
        if ((percentage(least) ?? 0) >= 100)
          return verdict.fail(budget, `must not set \`minAvailable: ${least.show()}\`.`);
        const count = least.number();
        if (count === undefined) return;
        const selector = budget.fields.get("spec", "selector");
        const spared = (deployments.get(namespaceOf(budget)) ?? []).find((deployment) => {
          const labels =
            podTemplateOf(deployment)?.get("metadata", "labels").stringMap() ?? new Map<string, string>();
          if (!selects(selector, labels) || isScaled(deployment)) return false;
          const replicas = deployment.fields.get("spec", "replicas");
          return count >= (replicas.number() ?? 1);
        });
        if (spared)
          verdict.fail(
            budget,
            `must set \`minAvailable\` (${count}) below the replicas of Deployment \`${nameOf(spared)}\`.`,
          );
      });
    }
  },
};
