import { groupBy } from "../../model/group-by";
import { selects } from "../../model/labels";
import { operatedNamespaces } from "../../model/references";
import type { StackRule } from "../../model/rule";
import { namespaceOf } from "../../model/subject";

export const monitorSelectsService: StackRule = {
  id: "monitor-selects-service",
  title: "Monitors find a Service",
  severity: "low",
  description:
    "A ServiceMonitor that picks no Service scrapes nothing: its alerts stay silent as if all were well. Judged where the stack declares Services in the namespace, and nothing there by which an operator makes some.",
  remediation: "selector: { matchLabels: service.metadata.labels }",
  types: ["kubernetes:monitoring.coreos.com/*:ServiceMonitor"],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const services = groupBy(stack.ofKind("", "Service"), (service) =>
      service.fields.get("metadata", "namespace").isUnknown ? undefined : namespaceOf(service),
    );
    const operated = operatedNamespaces(stack);
    for (const monitor of stack.ofKind("monitoring.coreos.com", "ServiceMonitor")) {
      verdict.judge(monitor, () => {
        const spec = monitor.fields.get("spec");
        // It may look into other namespaces.
        if (spec.get("namespaceSelector").exists() || operated.has(namespaceOf(monitor))) return;
        const own = services.get(namespaceOf(monitor)) ?? [];
        const found = own.some(({ fields }) =>
          selects(spec.get("selector"), fields.get("metadata", "labels").stringMap()),
        );
        if (found) return;
        const [open] = services.get(undefined) ?? [];
        if (open)
          verdict.indeterminate(
            monitor,
            `may pick \`${open.name}\`, or none: the namespace of that Service is not known yet.`,
          );
        else if (own.length > 0)
          verdict.fail(monitor, "picks none of the Services that the stack declares in its namespace.");
      });
    }
  },
};
