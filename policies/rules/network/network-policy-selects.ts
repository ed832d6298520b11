import { groupBy } from "../../model/group-by";
import { selects, selectsAll } from "../../model/labels";
import { POD_KINDS, podTemplatesOf } from "../../model/pods";
import { operatedNamespaces } from "../../model/references";
import type { StackRule } from "../../model/rule";
import { namespaceOf } from "../../model/subject";
import type { StackView } from "../../model/stack-view";
import { UnknownRead } from "../../model/unknown";

/** Groups of Kubernetes itself: other kinds may be an operator's, whose pods have labels of its own. */
const BUILT_IN = /^(?:|apps|batch|extensions)$/;

/** Labels of the pods of each namespace; undefined where not all of them can be known. */
function labelsByNamespace(stack: StackView): Map<string, Map<string, string>[]> | undefined {
  const workloads = POD_KINDS.filter(([group]) => BUILT_IN.test(group)).flatMap(([group, kind]) =>
    stack.ofKind(group, kind),
  );
  try {
    const all = workloads.flatMap((workload) =>
      podTemplatesOf(workload).map((template) => ({
        namespace: namespaceOf(workload),
        labels: template.get("metadata", "labels").stringMap(),
      })),
    );
    const groups = groupBy(all, ({ namespace }) => namespace);
    return new Map([...groups].map(([namespace, list]) => [namespace, list.map(({ labels }) => labels)]));
  } catch (error) {
    if (error instanceof UnknownRead) return undefined;
    throw error;
  }
}

export const networkPolicySelects: StackRule = {
  id: "network-policy-selects",
  title: "Network policies pick pods that are there",
  severity: "medium",
  description:
    "A policy of labels that no pod has protects nothing. Judged where the stack declares pods in the namespace, and nothing there by which an operator makes others.",
  remediation: "spec: { podSelector: { matchLabels: labels }, … } // the labels of the pod template",
  types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const labels = labelsByNamespace(stack);
    const operated = operatedNamespaces(stack);
    for (const policy of stack.ofKind("networking.k8s.io", "NetworkPolicy")) {
      verdict.judge(policy, () => {
        const selector = policy.fields.get("spec", "podSelector");
        const namespace = namespaceOf(policy);
        if (selectsAll(selector) || operated.has(namespace)) return;
        if (!labels) return verdict.indeterminate(policy, "may pick pods whose labels are not known yet.");
        const own = labels.get(namespace) ?? [];
        if (own.length > 0 && !own.some((one) => selects(selector, one)))
          verdict.fail(policy, "picks none of the pods that the stack declares in its namespace.");
      });
    }
  },
};
