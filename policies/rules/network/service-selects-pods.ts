import { groupBy } from "../../model/group-by";
import { selectsByMap } from "../../model/labels";
import { podTemplatesOf, POD_KINDS } from "../../model/pods";
import { operatedNamespaces } from "../../model/references";
import type { StackRule } from "../../model/rule";
import { nameOf, namespaceOf } from "../../model/subject";

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
    const workloads = POD_KINDS.flatMap(([group, kind]) => stack.ofKind(group, kind));
    const labels = () =>
      groupBy(
        workloads.flatMap((workload) => {
          const namespace = namespaceOf(workload);
          return podTemplatesOf(workload).map((template) => ({
            namespace,
            labels: template.get("metadata", "labels").stringMap(),
          }));
        }),
        ({ namespace }) => namespace,
      );
    let known: ReturnType<typeof labels> | undefined;
    const operated = operatedNamespaces(stack);
    for (const service of stack.ofKind("", "Service")) {
      verdict.judge(service, () => {
        const selector = service.fields.get("spec", "selector");
        const keys = selector.entries().map(([key]) => key);
        const namespace = namespaceOf(service);
        if (keys.length === 0 || workloads.length === 0 || operated.has(namespace)) return;
        const pods = (known ??= labels()).get(namespace) ?? [];
        // Pods without these labels may be of another stack, as this Service's may be.
        const comparable = pods.filter((pod) => keys.every((key) => pod.labels.has(key)));
        if (comparable.length === 0 || pods.some((pod) => selectsByMap(selector, pod.labels))) return;
        verdict.fail(
          service,
          `selects no pod of namespace \`${namespace}\` (Service \`${nameOf(service)}\`).`,
        );
      });
    }
  },
};
