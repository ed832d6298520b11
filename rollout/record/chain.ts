import { createHash, createPrivateKey, sign } from "node:crypto";
import canonicalize from "canonicalize";
import { problemOf, recordable } from "./check-switch";
import type { RecordedSwitch, RecordEntry } from "./entry";

/** SHA-256 of the canonical JSON (RFC 8785) of all fields but hash and signature, with those that a later version may add. */
export function hashOf(entry: Omit<RecordEntry, "hash" | "signature">): string {
  const content: Record<string, unknown> = { ...entry };
  delete content.hash;
  delete content.signature;
  return `sha256:${createHash("sha256").update(canonicalize(content)!, "utf8").digest("hex")}`;
}

/**
 * The entry that follows `previous`: numbered, chained to it by hash, signed with Ed25519 (RFC 8032) over the hash's text.
 * @param privateKeyPem PKCS#8
 * @throws a sentence where the switch cannot be recorded or the key cannot sign
 */
export function appendEntry(
  previous: RecordEntry | undefined,
  what: RecordedSwitch,
  privateKeyPem: string,
): RecordEntry {
  const problem = problemOf(what);
  if (problem !== undefined) throw new Error(`Cannot record the switch: ${problem}`);
  if (previous !== undefined && previous.service !== what.service) {
    throw new Error(
      `Cannot record the switch: \`service\`: "${what.service}" must be "${previous.service}", whose record it is`,
    );
  }
  const content = {
    ...recordable(what),
    sequence: (previous?.sequence ?? 0) + 1,
    previous: previous?.hash ?? "",
  };
  const hash = hashOf(content);
  return { ...content, hash, signature: signatureOf(hash, privateKeyPem) };
}

function signatureOf(hash: string, privateKeyPem: string): string {
  let key;
  try {
    key = createPrivateKey(privateKeyPem);
  } catch {
    throw new Error("Cannot record the switch: the signing key must be a private key in PKCS#8 PEM");
  }
  if (key.asymmetricKeyType !== "ed25519") {
    throw new Error(
      `Cannot record the switch: the signing key must be Ed25519, not ${key.asymmetricKeyType ?? "a secret"}`,
    );
  }
  return sign(null, Buffer.from(hash, "utf8"), key).toString("base64");
}
