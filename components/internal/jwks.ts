import { createHash, createPublicKey } from "node:crypto";

/** The public half of the signing key, as gateways read it. */
export interface KeySet {
  /** Identifies the key in a token's header; the RFC 7638 thumbprint, so that it follows from the key alone. */
  readonly keyId: string;
  /** The JSON Web Key Set with this one key. */
  readonly jwks: string;
}

/** Turns a PEM public key (P-256) into a key set. */
export function keySetOf(publicKeyPem: string): KeySet {
  const { kty, crv, x, y } = createPublicKey(publicKeyPem).export({ format: "jwk" });
  if (kty !== "EC" || crv !== "P-256")
    throw new Error(`the token key must be an ECDSA P-256 key, got ${kty} ${crv ?? ""}`);
  // RFC 7638: the required members only, in alphabetical order, without blanks.
  const keyId = createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
  return {
    keyId,
    jwks: JSON.stringify({ keys: [{ kty, crv, x, y, use: "sig", alg: "ES256", kid: keyId }] }),
  };
}
