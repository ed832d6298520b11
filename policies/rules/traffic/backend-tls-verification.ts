import type { ResourceRule } from "../../model/rule";

export const backendTlsVerification: ResourceRule = {
  id: "backend-tls-verification",
  title: "Certificates of backends are verified",
  severity: "high",
  description: "TLS without verification is encryption towards whoever answers.",
  remediation:
    'spec: { tls: { caCertificateRefs: [{ group: "", kind: "ConfigMap", name }] } } // without insecureSkipVerify',
  types: ["kubernetes:gateway.envoyproxy.io/*:Backend"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (!subject.fields.get("spec", "tls", "insecureSkipVerify").isOff()) {
      verdict.fail(subject, "must not set `tls.insecureSkipVerify`.");
    }
  },
};
