import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";

const LABEL = "rbac.authorization.k8s.io/aggregate-to-view";

const READING = ["get", "list", "watch"];

export const rbacAggregateToView = eachRule<Field>(
  {
    id: "rbac-aggregate-to-view",
    title: "What is added to the role `view` only reads",
    severity: "medium",
    description:
      "The rules of a ClusterRole with the label `aggregate-to-view` become rights of everybody who may view a namespace, in every namespace: they were given that role because it changes nothing.",
    remediation: 'rules: [{ apiGroups, resources, verbs: ["get", "list", "watch"] }]',
    types: ["kubernetes:rbac.authorization.k8s.io/*:ClusterRole"],
    controls: [],
  },
  (fields) =>
    fields.get("metadata", "labels", LABEL).string() === "true" ? fields.get("rules").items() : [],
  (entry) => {
    const writing = entry
      .get("verbs")
      .strings()
      .filter((verb) => !READING.includes(verb));
    return writing.length === 0
      ? undefined
      : `must not add ${writing.map((verb) => `\`${verb}\``).join(", ")} to the role \`view\` (\`${entry.path}\`).`;
  },
);
