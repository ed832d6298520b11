import type { ResourceRule } from "../../model/rule";
import { cisKubernetes } from "../../model/controls";

const LABEL = "pod-security.kubernetes.io/enforce";

export const namespacePodSecurity: ResourceRule = {
  id: "namespace-pod-security",
  title: "Namespaces enforce a Pod Security Standard",
  severity: "high",
  description:
    "The label makes the API server refuse pods that the rules of this pack never saw, such as those made by an operator.",
  remediation: `metadata: { labels: { "${LABEL}": "restricted" } }`,
  types: ["kubernetes:core/*:Namespace"],
  controls: [
    cisKubernetes(
      "5.2.1",
      "Ensure that the cluster has at least one active policy control mechanism in place",
    ),
  ],
  scope: "resource",
  check(subject, verdict) {
    const level = subject.fields.get("metadata", "labels", LABEL).string();
    if (level !== "restricted" && level !== "baseline") {
      verdict.fail(
        subject,
        `must have the label \`${LABEL}\` restricted or baseline, not ${level ?? "none"}.`,
      );
    }
  },
};
