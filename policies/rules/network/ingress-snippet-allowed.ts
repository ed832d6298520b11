import { inputRule } from "../../model/input-rule";

export const ingressSnippetAllowed = inputRule(
  {
    id: "ingress-snippet-allowed",
    title: "Controllers of nginx take no configuration from annotations",
    severity: "high",
    description:
      "With `allow-snippet-annotations` whoever may make an Ingress writes into the controller's configuration, and from there reads every Secret that it may read (CVE-2021-25742).",
    remediation: 'data: { "allow-snippet-annotations": "false" }',
    types: ["kubernetes:core/*:ConfigMap"],
    controls: [],
  },
  (fields) =>
    fields.get("data", "allow-snippet-annotations").string()?.trim().toLowerCase() === "true"
      ? 'must set `allow-snippet-annotations` to "false".'
      : undefined,
);
