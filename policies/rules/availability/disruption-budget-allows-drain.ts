import type { Field } from "../../model/field";
import { selects } from "../../model/labels";
import { podTemplateOf } from "../../model/pods";
import { groupBy } from "../../model/group-by";
import type { StackRule } from "../../model/rule";
import { boundsOf, scalersByTarget, scalersOf } from "../../model/scalers";
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
      return namespace.isUnknown ? undefined : namespaceOf(deployment);
    });
    /** The replicas that there may be at least. @throws UnknownRead */
    const leastOf = (deployment: Subject): number => {
      const [scaler] = scalersOf(deployment, scalers);
      if (!scaler) return deployment.fields.get("spec", "replicas").number() ?? 1;
      const { least, leastByDefault } = boundsOf(scaler);
      // Without a replica there is nothing to evict; with one there is.
      return Math.max(1, least.number() ?? leastByDefault);
    };
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
        // What is in no namespace yet may be in this one.
        const perhaps = deployments.get(undefined) ?? [];
        const spared = [...(deployments.get(namespaceOf(budget)) ?? []), ...perhaps].find((deployment) => {
          const labels =
            podTemplateOf(deployment)?.get("metadata", "labels").stringMap() ?? new Map<string, string>();
          return selects(selector, labels) && count >= leastOf(deployment);
        });
        if (spared)
          verdict.fail(
            budget,
            `must set \`minAvailable\` (${count}) below the least replicas of Deployment \`${nameOf(spared)}\`.`,
          );
      });
    }
  },
};
