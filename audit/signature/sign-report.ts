import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import canonicalize from "canonicalize";
import { InputError } from "../input-error";
import type { AuditReport } from "../report";

/** The bytes that are signed: the canonical JSON (RFC 8785) of everything but the signature. */
export function signedBytes(report: Readonly<Record<string, unknown>>): Buffer {
  const content: Record<string, unknown> = { ...report };
  delete content["signature"];
  return Buffer.from(canonicalize(content)!, "utf8");
}

/** Names a key without telling it: `sha256:` of the public key's SubjectPublicKeyInfo. */
export function keyIdOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: "spki", format: "der" });
  return `sha256:${createHash("sha256").update(der).digest("hex")}`;
}

/**
 * A key to sign reports with.
 * @param pem PKCS#8, Ed25519
 * @throws InputError
 */
export function readSigningKey(pem: string): KeyObject {
  let key;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new InputError(
      "is no private key in PKCS#8 PEM; `openssl genpkey -algorithm ed25519 -out FILE` makes one",
    );
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new InputError(`must be an Ed25519 key, not ${key.asymmetricKeyType ?? "a secret"}`);
}

/** The report with its signature (Ed25519, RFC 8032: the same report and key give the same bytes). */
export function signReport(report: AuditReport, key: KeyObject): AuditReport {
  // What JSON leaves out must not be signed.
  const stored = JSON.parse(JSON.stringify(report)) as AuditReport & Record<string, unknown>;
  const value = sign(null, signedBytes(stored), key).toString("base64");
  const keyId = keyIdOf(createPublicKey(key));
  return { ...report, signature: { algorithm: "Ed25519", keyId, value } };
}
