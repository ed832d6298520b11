import type { ResourceRule } from "../../model/rule";
import { kubernetesKind } from "../../model/subject";

const LEAST_RSA_BITS = 2048;

export const certificatePrivateKey: ResourceRule = {
  id: "certificate-private-key",
  title: "Keys of certificates are strong and renewed with them",
  severity: "medium",
  description:
    "RSA below 2048 bits can be broken; a certificate that is renewed with its old key renews nothing for whoever has that key.",
  remediation: 'spec: { privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" } }',
  types: ["kubernetes:cert-manager.io/*:Certificate", "tls:index/*:PrivateKey"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const isCertificate = kubernetesKind(subject.type) !== undefined;
    const key = isCertificate ? subject.fields.get("spec", "privateKey") : subject.fields;
    const bits = key.get(isCertificate ? "size" : "rsaBits");
    // Where it names none, cert-manager makes an RSA key; the TLS provider asks for an algorithm.
    const algorithm = key.get("algorithm").string() ?? (isCertificate ? "RSA" : "");
    if (algorithm === "RSA" && (bits.number() ?? LEAST_RSA_BITS) < LEAST_RSA_BITS) {
      verdict.fail(subject, `must have an RSA key of at least ${LEAST_RSA_BITS} bits, not ${bits.show()}.`);
    }
    if (isCertificate && key.get("rotationPolicy").string() === "Never") {
      verdict.fail(subject, "must not set `spec.privateKey.rotationPolicy: Never`.");
    }
  },
};
