import { nsaCisa } from "../../model/controls";
import { isolates } from "../../model/network-policies";
import { POD_KINDS, POD_TYPES, podTemplatesOf } from "../../model/pods";
import type { StackRule } from "../../model/rule";
import { SelectorIndex } from "../../model/selector-index";
import { namespaceOf } from "../../model/subject";

export const workloadEgress: StackRule = {
  id: "workload-egress",
  title: "Workloads have their egress restricted",
  severity: "medium",
  description:
    "A pod that may open any connection can send out what it reads, and can fetch an intruder's tools.",
  remediation:
    'spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"], egress: [{ to: [/* DNS, registry */] }] }',
  types: POD_TYPES,
  controls: [nsaCisa("C-0030", "Ingress and Egress blocked")],
  scope: "stack",
  check(stack, verdict) {
    const policies = new SelectorIndex(stack.ofKind("networking.k8s.io", "NetworkPolicy"), ({ fields }) =>
      fields.get("spec", "podSelector"),
    );
    for (const workload of POD_KINDS.flatMap(([group, kind]) => stack.ofKind(group, kind))) {
      verdict.judge(workload, () => {
        const open = podTemplatesOf(workload).some((template) => {
          const labels = template.get("metadata", "labels").stringMap();
          return !policies
            .selecting(namespaceOf(workload), labels)
            .some((policy) => isolates(policy, "Egress"));
        });
        if (!open) return;
        if (policies.isOpen)
          verdict.indeterminate(workload, "may be selected by a NetworkPolicy not known yet.");
        else verdict.fail(workload, "must be selected by a NetworkPolicy with `policyTypes` Egress.");
      });
    }
  },
};
