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

/** Members of a JSON Web Key that only its owner may have: of private keys, and of keys that both sides share. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "k"];

/** What is wrong with a text that is to be a key set with public keys, without telling any of it; undefined where nothing is. */
export function keySetProblem(text: string): string | undefined {
  const form = 'must be a JSON Web Key Set, as in {"keys":[{"kty":"EC",…}]}, with at least one key';
  let set: { keys?: unknown };
  try {
    set = JSON.parse(text) as typeof set;
  } catch {
    return form;
  }
  const keys: unknown = set === null ? undefined : set.keys;
  if (!Array.isArray(keys) || keys.length === 0) return form;
  const isKey = (key: unknown): key is object =>
    typeof key === "object" && key !== null && ["EC", "OKP", "RSA"].includes((key as { kty: string }).kty);
  const wrong = keys.findIndex((key) => !isKey(key));
  if (wrong >= 0) return `has no public key at keys[${wrong}]: \`kty\` must be one of EC, OKP, RSA`;
  const secret = keys.findIndex((key: object) => PRIVATE_MEMBERS.some((member) => member in key));
  if (secret >= 0)
    return `holds a private key at keys[${secret}]: anybody who reads the policy could make tokens`;
  return undefined;
}
