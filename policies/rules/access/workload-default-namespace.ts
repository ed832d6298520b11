import { cisEks, cisKubernetes } from "../../model/controls";
import { POD_TYPES } from "../../model/pods";
import type { ResourceRule } from "../../model/rule";

export const workloadDefaultNamespace: ResourceRule = {
  id: "workload-default-namespace",
  title: "Workloads stay out of the default namespace",
  severity: "low",
  description: "Rights, quotas and network policies are given per namespace; in `default` everything meets.",
  remediation: "metadata: { namespace: namespace.metadata.name }",
  types: POD_TYPES,
  controls: [
    cisKubernetes("5.6.4", "The default namespace should not be used"),
    cisEks("4.5.2", "The default namespace should not be used"),
  ],
  scope: "resource",
  check(subject, verdict) {
    if (subject.fields.get("metadata", "namespace").string() === "default") {
      verdict.fail(subject, "must not be in the namespace `default`.");
    }
  },
};
