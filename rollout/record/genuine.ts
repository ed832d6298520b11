import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { hashOf } from "./chain";
import type { RecordEntry } from "./entry";

/** The key that verifies a record, from either key in PEM; undefined where the text is none of Ed25519. */
export function recordKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Why an entry is not what this record's key signed, as in "is not signed with the key of this record"; undefined where it is.
 * @param key without it signatures are not looked at
 */
export function forgeryOf(
  entry: RecordEntry,
  service: string,
  key: KeyObject | undefined,
): string | undefined {
  if (entry.hash !== hashOf(entry)) return "was altered: its content does not have the hash that it states";
  if (key !== undefined && !isSigned(entry, key)) return "is not signed with the key of this record";
  return entry.service === service ? undefined : "is of another service";
}

function isSigned({ hash, signature }: RecordEntry, key: KeyObject): boolean {
  return verify(null, Buffer.from(hash, "utf8"), key, Buffer.from(signature, "base64"));
}
