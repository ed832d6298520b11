import { createHash, createPrivateKey, createPublicKey, generateKeyPair } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { opensshPrivateKey, opensshPublicBlob } from "./openssh";

export const ALGORITHMS = ["RSA", "ECDSA", "ED25519"] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

/** The provider's names of the curves, and OpenSSL's. */
const CURVES = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" } as const;
export type Curve = keyof typeof CURVES;
export const CURVE_NAMES = Object.keys(CURVES) as Curve[];

/** The official provider's defaults. */
export const DEFAULT_CURVE: Curve = "P224";
export const DEFAULT_RSA_BITS = 2048;

const generate = promisify(generateKeyPair) as (
  type: string,
  options?: object,
) => Promise<{ privateKey: KeyObject }>;

export async function generateKey(algorithm: Algorithm, curve: Curve, rsaBits: number): Promise<KeyObject> {
  switch (algorithm) {
    case "RSA":
      return (await generate("rsa", { modulusLength: rsaBits })).privateKey;
    case "ECDSA":
      return (await generate("ec", { namedCurve: CURVES[curve] })).privateKey;
    case "ED25519":
      return (await generate("ed25519")).privateKey;
  }
}

const BY_KEY_TYPE: Record<string, Algorithm> = { rsa: "RSA", ec: "ECDSA", ed25519: "ED25519" };

/** @throws Error for a type of key that certificates of this provider cannot have */
export function algorithmOf(key: KeyObject): Algorithm {
  const algorithm = BY_KEY_TYPE[key.asymmetricKeyType ?? ""];
  if (algorithm === undefined) {
    throw new Error(
      `A key of type "${key.asymmetricKeyType}" is not supported; use ${ALGORITHMS.join(", ")}.`,
    );
  }
  return algorithm;
}

/** Reads a private key in PEM. @throws Error that names the property, never the key */
export function readPrivateKey(pem: string, property: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error(`\`${property}\` is not a private key in PEM format.`);
  }
}

/** The public half as PEM, as one OpenSSH line, and its fingerprints. */
export interface PublicKeyText {
  readonly publicKeyPem: string;
  /** Empty for a key that OpenSSH does not support, as the official provider has it. */
  readonly publicKeyOpenssh: string;
  readonly publicKeyFingerprintMd5: string;
  readonly publicKeyFingerprintSha256: string;
}

export function describePublicKey(privateKey: KeyObject): PublicKeyText {
  const publicKey = createPublicKey(privateKey);
  const publicKeyPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const ssh = opensshPublicBlob(publicKey);
  if (ssh === undefined) {
    const empty = { publicKeyOpenssh: "", publicKeyFingerprintMd5: "", publicKeyFingerprintSha256: "" };
    return { publicKeyPem, ...empty };
  }
  const md5 = createHash("md5").update(ssh.blob).digest("hex");
  const sha256 = createHash("sha256").update(ssh.blob).digest("base64");
  return {
    publicKeyPem,
    publicKeyOpenssh: `${ssh.type} ${ssh.blob.toString("base64")}\n`,
    publicKeyFingerprintMd5: md5.replace(/(..)(?=.)/g, "$1:"),
    publicKeyFingerprintSha256: `SHA256:${sha256.replace(/=+$/, "")}`,
  };
}

/** SHA-1 of the public key, in hexadecimal: the official provider's resource ID. */
export function keyId(privateKey: KeyObject): string {
  const der = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  return createHash("sha1").update(der).digest("hex");
}

/** The private key in the three formats that the provider hands out. */
export interface PrivateKeyText {
  /** The algorithm's traditional format: PKCS #1 for RSA, SEC 1 for ECDSA, PKCS #8 for Ed25519. */
  readonly privateKeyPem: string;
  readonly privateKeyPemPkcs8: string;
  /** Empty for a key that OpenSSH does not support. */
  readonly privateKeyOpenssh: string;
}

export function describePrivateKey(key: KeyObject): PrivateKeyText {
  const traditional = { RSA: "pkcs1", ECDSA: "sec1", ED25519: "pkcs8" } as const;
  const pem = (type: "pkcs1" | "sec1" | "pkcs8") => key.export({ type, format: "pem" }).toString();
  return {
    privateKeyPem: pem(traditional[algorithmOf(key)]),
    privateKeyPemPkcs8: pem("pkcs8"),
    privateKeyOpenssh: opensshPrivateKey(key) ?? "",
  };
}
