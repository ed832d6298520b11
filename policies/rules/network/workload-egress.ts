import { isolates } from "../../model/network-policies";
import { POD_KINDS, POD_TYPES, podTemplateOf } from "../../model/pods";
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
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const policies = new SelectorIndex(stack.ofKind("networking.k8s.io", "NetworkPolicy"), ({ fields }) =>
      fields.get("spec", "podSelector"),
    );
    for (const workload of POD_KINDS.flatMap(([group, kind]) => stack.ofKind(group, kind))) {
      verdict.judge(workload, () => {
        const labels =
          podTemplateOf(workload)?.get("metadata", "labels").stringMap() ?? new Map<string, string>();
        const selecting = policies.selecting(namespaceOf(workload), labels);
        if (selecting.some((policy) => isolates(policy, "Egress"))) return;
        if (policies.isOpen)
          verdict.indeterminate(workload, "may be selected by a NetworkPolicy not known yet.");
        else verdict.fail(workload, "must be selected by a NetworkPolicy with `policyTypes` Egress.");
      });
    }
  },
};
