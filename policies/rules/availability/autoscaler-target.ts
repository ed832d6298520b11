import { groupBy } from "../../model/group-by";
import type { StackRule } from "../../model/rule";
import { SCALER_TYPES } from "../../model/scalers";
import { nameOf, namespaceOf, type Subject } from "../../model/subject";

/** Kinds that a stack declares itself; what else is scaled may be made by an operator. */
const KINDS = ["Deployment", "StatefulSet"];

const hasKnownName = ({ fields }: Subject): boolean =>
  !fields.get("metadata", "name").isUnknown && !fields.get("metadata", "namespace").isUnknown;

export const autoscalerTarget: StackRule = {
  id: "autoscaler-target",
  title: "Autoscalers scale something that is there",
  severity: "medium",
  description:
    "An autoscaler whose target has another name scales nothing, and says so in its status only. Judged where the stack declares others of that kind in the namespace.",
  remediation:
    'scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment.metadata.name }',
  types: SCALER_TYPES,
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const scalers = [
      ...stack.ofKind("autoscaling", "HorizontalPodAutoscaler"),
      ...stack.ofKind("keda.sh", "ScaledObject"),
    ];
    const workloads = new Map(KINDS.map((kind) => [kind, stack.ofKind("apps", kind)]));
    const named = new Map(
      [...workloads].map(([kind, all]) => [
        kind,
        groupBy(all.filter(hasKnownName), (workload) => namespaceOf(workload)),
      ]),
    );
    for (const scaler of scalers) {
      verdict.judge(scaler, () => {
        const target = scaler.fields.get("spec", "scaleTargetRef");
        const kind = target.get("kind").string() ?? "Deployment";
        const others = named.get(kind)?.get(namespaceOf(scaler)) ?? [];
        const name = target.get("name").string() ?? "";
        if (others.some((workload) => nameOf(workload) === name)) return;
        const mayBeHere = ({ fields }: Subject): boolean => {
          const namespace = fields.get("metadata", "namespace");
          return namespace.isUnknown || (namespace.string() ?? "default") === namespaceOf(scaler);
        };
        if (workloads.get(kind)?.some((workload) => !hasKnownName(workload) && mayBeHere(workload)))
          return verdict.indeterminate(
            scaler,
            `scales \`${name}\`, which may have a name that is not known yet.`,
          );
        if (others.length > 0)
          verdict.fail(scaler, `scales the ${kind} \`${name}\`, which the stack does not declare.`);
      });
    }
  },
};
