import { eachRule } from "../../model/input-rule";
import type { Field } from "../../model/field";

export const ingressHost = eachRule<Field>(
  {
    id: "ingress-host",
    title: "Ingresses name the hosts that they answer for",
    severity: "low",
    description:
      "A rule without a host takes every request that no other rule takes: what was meant for one name answers for all, and another team's host ends up here.",
    remediation: 'rules: [{ host: "shop.example", http: { paths } }]',
    types: ["kubernetes:networking.k8s.io/*:Ingress"],
    controls: [],
  },
  (fields) => fields.get("spec", "rules").items(),
  (rule) => {
    const host = rule.get("host").string() ?? "";
    return host === "" || host === "*" ? "must name a `host` in each of its rules." : undefined;
  },
);
