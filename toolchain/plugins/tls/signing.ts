import { createHash, createPublicKey, sign } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { AsnConvert } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier, SubjectPublicKeyInfo } from "@peculiar/asn1-x509";
import { algorithmOf } from "./keys";

/** What node's and asn1-schema's buffers have to agree on. */
export function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

interface Scheme {
  readonly identifier: AlgorithmIdentifier;
  readonly digest: "sha256" | "sha384" | "sha512" | null;
}

const NULL_PARAMETERS = toArrayBuffer(Buffer.from([0x05, 0x00]));

/** The signature algorithm that fits a key, as Go's x509 chooses it. */
function schemeFor(key: KeyObject): Scheme {
  switch (algorithmOf(key)) {
    case "RSA":
      return {
        identifier: new AlgorithmIdentifier({
          algorithm: "1.2.840.113549.1.1.11",
          parameters: NULL_PARAMETERS,
        }),
        digest: "sha256",
      };
    case "ED25519":
      return { identifier: new AlgorithmIdentifier({ algorithm: "1.3.101.112" }), digest: null };
    case "ECDSA": {
      const curve = key.asymmetricKeyDetails?.namedCurve;
      if (curve === "secp384r1") return ecdsa("1.2.840.10045.4.3.3", "sha384");
      if (curve === "secp521r1") return ecdsa("1.2.840.10045.4.3.4", "sha512");
      return ecdsa("1.2.840.10045.4.3.2", "sha256");
    }
  }
}

function ecdsa(algorithm: string, digest: "sha256" | "sha384" | "sha512"): Scheme {
  return { identifier: new AlgorithmIdentifier({ algorithm }), digest };
}

export function signatureAlgorithm(key: KeyObject): AlgorithmIdentifier {
  return schemeFor(key).identifier;
}

export function signDer(der: ArrayBuffer, key: KeyObject): ArrayBuffer {
  return toArrayBuffer(sign(schemeFor(key).digest, new Uint8Array(der), key));
}

export function publicKeyInfo(key: KeyObject): SubjectPublicKeyInfo {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return AsnConvert.parse(publicKey.export({ type: "spki", format: "der" }), SubjectPublicKeyInfo);
}

/** SHA-1 of the key's bits: RFC 5280, section 4.2.1.2, method 1. */
export function keyIdentifier(info: SubjectPublicKeyInfo): ArrayBuffer {
  const digest = createHash("sha1").update(new Uint8Array(info.subjectPublicKey)).digest();
  return toArrayBuffer(digest);
}
