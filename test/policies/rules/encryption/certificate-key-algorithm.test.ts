import { certificateKeyAlgorithm } from "../../../../policies/rules/encryption/certificate-key-algorithm";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const key = (props: Record<string, unknown>) => put("privateKey", "tls:index/privateKey:PrivateKey", props);
const certificate = (props: Record<string, unknown>) =>
  put("certificate", "aws:acm/certificate:Certificate", {
    domainName: "app.example",
    validationMethod: "DNS",
    ...props,
  });

describeRule(certificateKeyAlgorithm, {
  good: {
    P256: key({ algorithm: "ECDSA", ecdsaCurve: "P256" }),
    "RSA of 2048 bits by default": key({ algorithm: "RSA" }),
    ED25519: key({ algorithm: "ED25519" }),
    "a certificate of AWS by default": certificate({}),
  },
  bad: {
    P224: key({ algorithm: "ECDSA", ecdsaCurve: "P224" }),
    "a certificate of AWS": certificate({ keyAlgorithm: "RSA_1024" }),
  },
  partial: { "P224 by default": key({ algorithm: "ECDSA" }) },
  wrongType: { "a word": key({ algorithm: "ECDSA", ecdsaCurve: 256 }) },
  unknown: {
    algorithm: key({ algorithm: UNKNOWN }),
    curve: key({ algorithm: "ECDSA", ecdsaCurve: UNKNOWN }),
    "of AWS": certificate({ keyAlgorithm: UNKNOWN }),
  },
});
