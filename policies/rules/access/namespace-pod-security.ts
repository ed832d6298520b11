import type { ResourceRule } from "../../model/rule";
import { cisKubernetes } from "../../model/controls";

/** The GPU operator's drivers and device plugins work on the node itself: no other level lets them start. */
const DEFAULT_PRIVILEGED = ["gpu-operator"];

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
  configSchema: {
    properties: {
      privileged: {
        type: "array",
        items: { type: "string" },
        default: DEFAULT_PRIVILEGED,
        description: "Namespaces that may be privileged: those of agents that work on nodes.",
      },
    },
  },
  scope: "resource",
  check(subject, verdict, config) {
    const privileged = Array.isArray(config["privileged"]) ? config["privileged"] : DEFAULT_PRIVILEGED;
    const level = subject.fields.get("metadata", "labels", LABEL).string();
    const name = subject.fields.get("metadata", "name");
    if (level === "privileged" && !name.isUnknown && privileged.includes(name.string())) return;
    if (level !== "restricted" && level !== "baseline") {
      verdict.fail(
        subject,
        `must have the label \`${LABEL}\` restricted or baseline, not ${level ?? "none"}.`,
      );
    }
  },
};
