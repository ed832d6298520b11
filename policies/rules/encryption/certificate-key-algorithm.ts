import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

const WEAK = new Set(["RSA_1024", "EC_secp224r1"]);

export const certificateKeyAlgorithm = inputRule(
  {
    id: "certificate-key-algorithm",
    title: "Keys of certificates use a strong algorithm",
    severity: "high",
    description: "RSA of 1024 bits, or a curve of 224, can be broken by those who can pay for it.",
    remediation: 'new tls.PrivateKey(name, { algorithm: "ECDSA", ecdsaCurve: "P256" })',
    types: ["tls:index/privateKey:PrivateKey", "aws:acm/certificate:Certificate"],
    controls: awsControls("acm_certificates_with_secure_key_algorithms"),
  },
  (key, { type }) => {
    if (type.startsWith("aws:")) {
      return WEAK.has(key.get("keyAlgorithm").string() ?? "")
        ? `must not use the algorithm ${key.get("keyAlgorithm").show()}.`
        : undefined;
    }
    // Where no curve is named, the provider takes P224.
    const weak =
      key.get("algorithm").string() === "ECDSA" &&
      !["P256", "P384", "P521"].includes(key.get("ecdsaCurve").string() ?? "");
    return weak ? 'must set `ecdsaCurve` to "P256", "P384" or "P521".' : undefined;
  },
);
