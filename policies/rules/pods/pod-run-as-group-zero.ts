import { containersOf, podRule } from "../../model/pods";
import type { Field } from "../../model/field";

function groupsOf(owner: Field): unknown[] {
  const context = owner.get("securityContext");
  return [
    context.get("runAsGroup").value(),
    context.get("fsGroup").value(),
    ...context
      .get("supplementalGroups")
      .items()
      .map((group) => group.value()),
  ];
}

export const podRunAsGroupZero = podRule(
  {
    id: "pod-run-as-group-zero",
    title: "No group id 0 in a security context",
    severity: "low",
    description: "Much of an image belongs to group root, and so may be written by a process of that group.",
    remediation: "securityContext: { runAsGroup: 65532, fsGroup: 65532 }",
  },
  (pod) =>
    [pod, ...containersOf(pod)].some((owner) => groupsOf(owner).includes(0))
      ? "must not set group 0 in `runAsGroup`, `fsGroup` or `supplementalGroups`."
      : undefined,
);
