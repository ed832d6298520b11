import type { ResourceRule } from "../../model/rule";

export const ingressTls: ResourceRule = {
  id: "ingress-tls",
  title: "Ingresses end TLS",
  severity: "high",
  description: "An Ingress without `tls` answers in plain text.",
  remediation: "spec: { tls: [{ hosts: [host], secretName: certificate.metadata.name }] }",
  types: ["kubernetes:networking.k8s.io/*:Ingress", "kubernetes:extensions/*:Ingress"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (subject.fields.get("spec", "tls").items().length === 0) verdict.fail(subject, "must set `spec.tls`.");
  },
};
