import { declaredPods } from "../../model/declared-pods";
import { selectsByMap } from "../../model/labels";
import { operatedNamespaces } from "../../model/references";
import type { StackRule } from "../../model/rule";
import type { StackView } from "../../model/stack-view";
import { nameOf, namespaceOf } from "../../model/subject";

/** Groups whose objects make no pods but those of the workloads that they are about, or none. */
const WITHOUT_PODS =
  /^$|^(?:apps|batch|autoscaling|policy|extensions)$|\.k8s\.io$|^(?:cert-manager|external-secrets|kyverno)\.io$|^monitoring\.coreos\.com$|^gateway\.envoyproxy\.io$|^keda\.sh$/;

/** Namespaces in which an operator may make pods, by objects of a group that is not known to make none. */
function strangeNamespaces(stack: StackView): Set<string> {
  return new Set(
    stack
      .groups()
      .filter((group) => !WITHOUT_PODS.test(group))
      .flatMap((group) => stack.ofGroup(group))
      .filter(({ fields }) => !fields.get("metadata", "namespace").isUnknown)
      .map(namespaceOf),
  );
}

export const serviceSelectsPods: StackRule = {
  id: "service-selects-pods",
  title: "Services lead to pods",
  severity: "medium",
  description:
    "A Service whose selector no pod has leads nowhere, and says so to nobody. Judged where the stack declares workloads that carry the same labels with other values, and nothing else makes pods.",
  remediation: "selector: deployment.spec.selector.matchLabels",
  types: ["kubernetes:core/*:Service"],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const { byNamespace, open } = declaredPods(stack);
    if (byNamespace.size === 0 && !open) return;
    const operated = new Set([...operatedNamespaces(stack), ...strangeNamespaces(stack)]);
    for (const service of stack.ofKind("", "Service")) {
      verdict.judge(service, () => {
        const selector = service.fields.get("spec", "selector");
        const keys = selector.entries().map(([key]) => key);
        const namespace = namespaceOf(service);
        if (keys.length === 0 || operated.has(namespace)) return;
        const pods = byNamespace.get(namespace) ?? [];
        if (pods.some(({ labels }) => selectsByMap(selector, labels))) return;
        if (open) throw open;
        // Pods without these labels may be of another stack, as this Service's may be.
        const comparable = pods.some(({ labels }) => keys.every((key) => labels.has(key)));
        if (!comparable) return;
        verdict.fail(
          service,
          `selects no pod of namespace \`${namespace}\` (Service \`${nameOf(service)}\`).`,
        );
      });
    }
  },
};
