import { cisEks, cisKubernetes, nsaCisa } from "../../model/controls";
import { groupBy } from "../../model/group-by";
import { selectsAll } from "../../model/labels";
import { allowsAnyone, isolates } from "../../model/network-policies";
import { POD_KINDS, POD_TYPES } from "../../model/pods";
import type { StackRule } from "../../model/rule";
import type { StackView } from "../../model/stack-view";
import { namespaceOf, nameOf, type Subject } from "../../model/subject";
import { UnknownRead } from "../../model/unknown";

/** Custom resources that an operator turns into pods of the same namespace. */
const OPERATED_KINDS = ["Prometheus", "PrometheusAgent", "Alertmanager", "ThanosRuler"];

/** Stands for the names that are not known yet: no namespace has it. */
const UNNAMED = "";

/** @throws UnknownRead */
function isDefaultDeny(policy: Subject): boolean {
  const spec = policy.fields.get("spec");
  return (
    spec.entries().length > 0 &&
    selectsAll(spec.get("podSelector")) &&
    isolates(policy, "Ingress") &&
    !spec.get("ingress").items().some(allowsAnyone)
  );
}

/** The namespaces with a default deny, and whether a policy exists of which that cannot be said yet. */
function protectedNamespaces(stack: StackView): { namespaces: Set<string>; isOpen: boolean } {
  const namespaces = new Set<string>();
  let isOpen = false;
  for (const policy of stack.ofKind("networking.k8s.io", "NetworkPolicy")) {
    try {
      if (isDefaultDeny(policy)) namespaces.add(namespaceOf(policy));
    } catch (error) {
      if (!(error instanceof UnknownRead)) throw error;
      isOpen = true;
    }
  }
  return { namespaces, isOpen };
}

export const namespaceDefaultDeny: StackRule = {
  id: "namespace-default-deny",
  title: "Namespaces with workloads deny ingress by default",
  severity: "high",
  description:
    "Kubernetes lets every pod talk to every other until a NetworkPolicy selects it; with a default deny only the flows that are written down exist.",
  remediation:
    'new kubernetes.networking.v1.NetworkPolicy(name, { metadata: { namespace }, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } })',
  types: [...POD_TYPES, ...OPERATED_KINDS.map((kind) => `kubernetes:monitoring.coreos.com/*:${kind}`)],
  controls: [
    cisKubernetes("5.3.2", "Ensure that all Namespaces have Network Policies defined"),
    nsaCisa("C-0054", "Cluster internal networking"),
    cisEks("4.3.2", "Ensure that all Namespaces have Network Policies defined"),
  ],
  scope: "stack",
  check(stack, verdict) {
    const { namespaces, isOpen } = protectedNamespaces(stack);
    const declared = groupBy(stack.ofKind("", "Namespace"), (namespace) =>
      namespace.fields.get("metadata", "name").isUnknown ? UNNAMED : nameOf(namespace),
    );
    const workloads = [
      ...POD_KINDS.flatMap(([group, kind]) => stack.ofKind(group, kind)),
      ...stack.ofKind("monitoring.coreos.com", ...OPERATED_KINDS),
    ];
    const say = (subject: Subject, name: string) => {
      if (isOpen) verdict.indeterminate(subject, "may have a default deny that is not known yet.");
      else
        verdict.fail(
          subject,
          `must have a NetworkPolicy that denies ingress by default in namespace \`${name}\`.`,
        );
    };
    const open = new Set<string>();
    for (const workload of workloads) {
      verdict.judge(workload, () => {
        const name = namespaceOf(workload);
        if (namespaces.has(name)) return;
        // Every workload is open to all, and not only the first: a report lets pass what nothing is said of.
        say(workload, name);
        open.add(name);
      });
    }
    for (const name of open) for (const namespace of declared.get(name) ?? []) say(namespace, name);
    if ([...open].every((name) => declared.has(name))) return;
    // One of these may be the namespace of a workload that is open.
    for (const namespace of declared.get(UNNAMED) ?? [])
      verdict.judge(namespace, () => void nameOf(namespace));
  },
};
