import { createPublicKey } from "node:crypto";
import type { JSONWebKeySet, JWK } from "jose";
import { messageOf } from "../message-of";

/** Bits; shorter RSA keys are within reach of those who want to forge a token. */
const SHORTEST_RSA = 2048;

/** Kinds of keys that tokens are signed with; Ed25519's is OKP. */
const CURVES: Readonly<Record<string, readonly unknown[]>> = {
  RSA: [undefined],
  EC: ["P-256", "P-384", "P-521"],
  OKP: ["Ed25519"],
};

const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/**
 * Parses a set of public keys.
 * @throws Error whose message completes a sentence that begins with where the keys are from
 */
export function parseJwks(text: string): JSONWebKeySet {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("is not valid JSON.");
  }
  const keys = (value as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(keys)) throw new Error("is no JWK set: it must be a JSON object with `keys`.");
  // Keys of a kind that the server does not know are for others; those that it knows must be whole.
  const usable = keys.filter((key: unknown, i) => isUsable(key, `\`keys[${i}]\``)) as JWK[];
  if (usable.length === 0)
    throw new Error("holds no public key for signatures (RSA, P-256, P-384, P-521 or Ed25519).");
  return { keys: usable };
}

function isUsable(value: unknown, where: string): boolean {
  if (typeof value !== "object" || value === null) throw new Error(`holds in ${where} no JWK.`);
  const key = value as Record<string, unknown>;
  const secret = PRIVATE_MEMBERS.find((member) => key[member] !== undefined);
  if (secret !== undefined) {
    throw new Error(
      `holds in ${where} a private or shared key (\`${secret}\`); only public keys belong there, and this one should be replaced.`,
    );
  }
  const forSignatures = key.use === undefined || key.use === "sig";
  if (!forSignatures || !CURVES[String(key.kty)]?.includes(key.crv)) return false;
  let bits: number | undefined;
  try {
    bits = createPublicKey({ key: key as never, format: "jwk" }).asymmetricKeyDetails?.modulusLength;
  } catch (error) {
    throw new Error(`holds in ${where} a broken key: ${messageOf(error)}.`, { cause: error });
  }
  if (bits !== undefined && bits < SHORTEST_RSA) {
    throw new Error(`holds in ${where} an RSA key of ${bits} bits; ${SHORTEST_RSA} are the least.`);
  }
  return true;
}
