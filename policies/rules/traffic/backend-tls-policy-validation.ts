import type { ResourceRule } from "../../model/rule";

export const backendTlsPolicyValidation: ResourceRule = {
  id: "backend-tls-policy-validation",
  title: "A BackendTLSPolicy names whom it trusts, and the name it expects",
  severity: "high",
  description:
    "Without authorities or a host name there is nothing by which to tell the backend from somebody else.",
  remediation:
    'validation: { hostname, caCertificateRefs: [{ group: "", kind: "ConfigMap", name }] } // or wellKnownCACertificates: "System"',
  types: ["kubernetes:gateway.networking.k8s.io/*:BackendTLSPolicy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const validation = subject.fields.get("spec", "validation");
    verdict.judge(subject, () => {
      if (!validation.get("hostname").string()) verdict.fail(subject, "must set `spec.validation.hostname`.");
    });
    verdict.judge(subject, () => {
      const trusted =
        validation.get("caCertificateRefs").items().length > 0 ||
        validation.get("wellKnownCACertificates").string() === "System";
      if (!trusted) {
        verdict.fail(
          subject,
          "must set `caCertificateRefs` or `wellKnownCACertificates` in `spec.validation`.",
        );
      }
    });
  },
};
