import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { InputError } from "../input-error";
import { textMember } from "../json";
import { readReport, type StoredReport } from "../read-report";
import { keyIdOf, signedBytes } from "./sign-report";

const SIGNATURE_MEMBERS = new Set(["algorithm", "keyId", "value"]);

export type Verification =
  | { readonly ok: true; readonly keyId: string; readonly report: StoredReport }
  | { readonly ok: false; readonly problem: string };

/**
 * The key that reports are proved with.
 * @param pem SPKI, Ed25519
 * @throws InputError
 */
export function readVerifyingKey(pem: string): KeyObject {
  if (pem.includes("PRIVATE KEY")) {
    throw new InputError(
      "is a private key, which nobody else should have; `openssl pkey -in FILE -pubout` prints the public one",
    );
  }
  let key;
  try {
    key = createPublicKey(pem);
  } catch {
    throw new InputError("is no public key in PEM; `openssl pkey -in KEYFILE -pubout` prints it");
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new InputError(`must be an Ed25519 key, not ${String(key.asymmetricKeyType)}`);
}

/**
 * Whether report.json is what was signed with this key.
 * @throws InputError where it is no report
 */
export function verifyReport(text: string, key: KeyObject): Verification {
  const failed = (problem: string): Verification => ({ ok: false, problem });
  const report = readReport(text);
  const { signature } = report;
  const value = textMember(signature, "value");
  const signer = textMember(signature, "keyId");
  if (value === undefined || signer === undefined) {
    return failed("It is not signed: `slipway audit --sign KEYFILE` signs a report.");
  }
  if (textMember(signature, "algorithm") !== "Ed25519") {
    return failed("It states another algorithm than Ed25519, the only one that is accepted.");
  }
  // The signature cannot cover itself: what is written into it beside the signature was signed by nobody.
  const stranger = Object.keys(signature ?? {}).find((member) => !SIGNATURE_MEMBERS.has(member));
  if (stranger !== undefined) {
    return failed(
      `It was altered: its signature has a member ${JSON.stringify(stranger)}, which is not signed.`,
    );
  }
  if (!isUnambiguous(text)) {
    return failed("It was altered: it names a member twice, and readers would not agree on which counts.");
  }
  const keyId = keyIdOf(key);
  if (signer !== keyId) {
    return failed(`It states the key ${signer}, and the key given is ${keyId}.`);
  }
  const bytes = Buffer.from(value, "base64");
  if (bytes.toString("base64") === value && verify(null, signedBytes(report), key, bytes)) {
    return { ok: true, keyId, report };
  }
  return failed("It was altered: its content is not what was signed with this key.");
}

/**
 * A member named twice is lost in parsing, and so would not be noticed: what was parsed must be all that is written,
 * white space aside.
 */
function isUnambiguous(text: string): boolean {
  const written = text.replace(/("(?:[^"\\]+|\\.)*")|\s+/g, "$1");
  return written === JSON.stringify(JSON.parse(text));
}
