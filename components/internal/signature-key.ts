import { createPublicKey } from "node:crypto";

/** What is wrong with a key that files are to be signed by, or undefined. */
export function signatureKeyProblem(key: string): string | undefined {
  // A private key has a public one within, but has no place here.
  const isPublic = /^\s*-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----\s*$/.test(key);
  if (isPublic && keyType(key) === "ed25519") return undefined;
  return "must be one Ed25519 public key as PEM (`-----BEGIN PUBLIC KEY-----`), as `openssl pkey -pubout` writes it";
}

function keyType(key: string): string | undefined {
  try {
    return createPublicKey(key).asymmetricKeyType;
  } catch {
    return undefined;
  }
}
