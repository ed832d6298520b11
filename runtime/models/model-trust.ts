import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { externalDataFiles } from "./external-data";

/** Suffix of the file beside a model that holds its signature. */
export const SIGNATURE_SUFFIX = ".sig";

/** Bytes of an Ed25519 signature. */
const SIGNATURE_LENGTH = 64;

/** What a model's file must prove before it is loaded. */
export interface ModelTrust {
  /** Digest that the file must have, in hex. */
  readonly sha256?: string;
  /** Ed25519 keys, PEM; one of them must have signed the file. Empty or left out: signatures are not asked for. */
  readonly publicKeys?: readonly (KeyObject | string)[];
}

export interface FileTrust extends ModelTrust {
  /** Digests of the files beside the model that hold weights, by name. */
  readonly sideFiles?: Readonly<Record<string, string>>;
}

/**
 * Checks a model's bytes against its digest and its detached signature.
 * @param trust.signature the signature: 64 raw bytes, or the same in base64; undefined where there is none
 * @throws Error with a public sentence
 */
export function verifyModel(
  bytes: Uint8Array,
  { sha256, signature, publicKeys = [] }: ModelTrust & { readonly signature?: Uint8Array },
): void {
  if (sha256 !== undefined) {
    const actual = createHash("sha256").update(bytes).digest("hex");
    if (actual !== sha256) {
      throw new Error(
        `\`model.onnx\` has the SHA-256 ${actual}, but \`model.json\` pins ${sha256}; fetch the model again or correct the digest.`,
      );
    }
  }
  if (publicKeys.length > 0) verifySignature("model.onnx", bytes, signature, publicKeys);
}

/**
 * Reads and checks a model's file, its signature in `<file>.sig`, and the files beside it that hold its weights: where
 * a digest is required each of them needs one too, and where a signature is, each needs its own.
 * @returns the very bytes that were checked @throws Error with a public sentence
 */
export async function readVerifiedModel(file: string, trust: FileTrust): Promise<Uint8Array> {
  const bytes = await readModelFile(file, basename(file));
  if (bytes.length === 0) throw new Error(`\`${basename(file)}\` is empty.`);
  const signed = (trust.publicKeys?.length ?? 0) > 0;
  if (trust.sha256 === undefined && !signed) return bytes;
  verifyModel(bytes, { ...trust, signature: signed ? await readSignature(file) : undefined });
  for (const name of externalDataFiles(bytes)) await verifySideFile(dirname(file), name, trust, signed);
  return bytes;
}

async function verifySideFile(dir: string, name: string, trust: FileTrust, signed: boolean): Promise<void> {
  if (name === "" || name !== basename(name) || name.includes("\\")) {
    throw new Error(
      `\`model.onnx\` has weights in \`${name}\`, which is no plain file beside it; a model with a digest or a signature must not have those.`,
    );
  }
  const file = join(dir, name);
  if (trust.sha256 !== undefined) {
    const expected = trust.sideFiles?.[name];
    if (expected === undefined) {
      throw new Error(
        `\`model.onnx\` has weights in \`${name}\`, for which \`sha256\` in \`model.json\` has no digest; add \`<version>/${name}\` to it or keep the weights inside the model.`,
      );
    }
    const actual = await sha256OfFile(file, name);
    if (actual !== expected) {
      throw new Error(
        `\`${name}\` has the SHA-256 ${actual}, but \`model.json\` pins ${expected}; fetch the model again or correct the digest.`,
      );
    }
  }
  if (signed) {
    verifySignature(name, await readModelFile(file, name), await readSignature(file), trust.publicKeys ?? []);
  }
}

function verifySignature(
  name: string,
  bytes: Uint8Array,
  signature: Uint8Array | undefined,
  publicKeys: readonly (KeyObject | string)[],
): void {
  if (signature === undefined) {
    throw new Error(
      `\`${name}\` is not signed: \`${name}${SIGNATURE_SUFFIX}\` is missing, but only signed models are taken.`,
    );
  }
  const raw = rawSignature(name, signature);
  const valid = publicKeys.some((key) =>
    verify(null, bytes, typeof key === "string" ? createPublicKey(key) : key, raw),
  );
  if (!valid) {
    throw new Error(
      `The signature in \`${name}${SIGNATURE_SUFFIX}\` is of other bytes than \`${name}\`, or by a key that is not trusted.`,
    );
  }
}

/** Takes both forms: what `openssl pkeyutl` writes, and the same as a line of base64. */
function rawSignature(name: string, signature: Uint8Array): Uint8Array {
  if (signature.length === SIGNATURE_LENGTH) return signature;
  const text = Buffer.from(signature).toString("latin1").trim();
  const raw = /^[A-Za-z0-9+/_-]{86}(==)?$/.test(text) ? Buffer.from(text, "base64") : undefined;
  if (raw?.length === SIGNATURE_LENGTH) return raw;
  throw new Error(
    `\`${name}${SIGNATURE_SUFFIX}\` is no Ed25519 signature: it must be ${SIGNATURE_LENGTH} bytes, or those in base64.`,
  );
}

function readModelFile(file: string, name: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`\`${name}\` cannot be read (${error.code}).`, { cause: error });
  });
}

/** Undefined where there is none. */
function readSignature(file: string): Promise<Buffer | undefined> {
  return readFile(`${file}${SIGNATURE_SUFFIX}`).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new Error(`\`${basename(file)}${SIGNATURE_SUFFIX}\` cannot be read (${error.code}).`, {
      cause: error,
    });
  });
}

/** SHA-256 of a file in hex, without holding it in memory. @throws Error with a public sentence */
async function sha256OfFile(file: string, name: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`\`${name}\` cannot be read (${error.code}).`, { cause: error });
  });
  return hash.digest("hex");
}
