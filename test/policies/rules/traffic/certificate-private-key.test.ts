import { UNKNOWN } from "../../../../policies/testing";
import { certificatePrivateKey } from "../../../../policies/rules/traffic/certificate-private-key";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const certificate = (privateKey: unknown) =>
  put("certificate", "kubernetes:cert-manager.io/v1:Certificate", {
    metadata: { name: "tls", namespace: "team" },
    spec: { secretName: "tls", issuerRef: { name: "ca" }, privateKey },
  });
const key = (props: Record<string, unknown>) => put("key", "tls:index/privateKey:PrivateKey", props);

describeRule(certificatePrivateKey, {
  good: {
    ECDSA: certificate({ algorithm: "ECDSA", size: 256 }),
    "by default": certificate(undefined),
    "RSA by default": key({ algorithm: "RSA" }),
    "a small curve is no small RSA key": key({ algorithm: "ECDSA", ecdsaCurve: "P256" }),
  },
  bad: {
    "1024 bits": certificate({ algorithm: "RSA", size: 1024 }),
    "1024 bits of the TLS provider": key({ algorithm: "RSA", rsaBits: 1024 }),
    "never renewed": certificate({ rotationPolicy: "Never" }),
  },
  partial: { "RSA by default, small": certificate({ size: 1024 }) },
  notJudged: { text: certificate("RSA") },
  unknown: {
    size: certificate({ algorithm: "RSA", size: UNKNOWN }),
    bits: key({ algorithm: "RSA", rsaBits: UNKNOWN }),
  },
});
