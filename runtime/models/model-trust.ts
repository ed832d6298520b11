import { createHash, createPublicKey, verify, type KeyObject } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { externalDataFiles } from "./external-data";
import { FileSeal } from "./file-seal";

/** Suffix of the file beside a model that holds its signature. */
export const SIGNATURE_SUFFIX = ".sig";

/** Bytes of an Ed25519 signature. */
const SIGNATURE_LENGTH = 64;

/** Bytes of the largest file that Node reads into memory at once, as a signature of its bytes needs it. */
const MOST_IN_MEMORY = 2 ** 31 - 1;

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

/** A model's bytes, checked, and the files beside it that hold its weights, as they were when they were. */
export interface SealedModel {
  readonly bytes: Uint8Array;
  /** None where nothing had to be proved. To be asked again once onnxruntime has read the files. */
  readonly weights: readonly FileSeal[];
}

/** The bytes of `readSealedModel`, for those who load no weights. */
export async function readVerifiedModel(file: string, trust: FileTrust): Promise<Uint8Array> {
  return (await readSealedModel(file, trust)).bytes;
}

/**
 * Reads and checks a model's file, its signature in `<file>.sig`, and the files beside it that hold its weights: where
 * a digest is required each of them needs one too, and where a signature is, each needs its own.
 * @param mostInMemory bytes of the largest file whose own bytes may be what is signed; replaced in tests
 * @returns the very bytes that were checked @throws Error with a public sentence
 */
export async function readSealedModel(
  file: string,
  trust: FileTrust,
  mostInMemory = MOST_IN_MEMORY,
): Promise<SealedModel> {
  const bytes = await readModelFile(file, basename(file));
  if (bytes.length === 0) throw new Error(`\`${basename(file)}\` is empty.`);
  const signed = (trust.publicKeys?.length ?? 0) > 0;
  if (trust.sha256 === undefined && !signed) return { bytes, weights: [] };
  verifyModel(bytes, { ...trust, signature: signed ? await readSignature(file) : undefined });
  const weights: FileSeal[] = [];
  for (const name of externalDataFiles(bytes)) {
    weights.push(await verifySideFile(dirname(file), name, trust, signed ? mostInMemory : undefined));
  }
  return { bytes, weights };
}

/** @param mostInMemory undefined where no signature is asked for */
async function verifySideFile(
  dir: string,
  name: string,
  trust: FileTrust,
  mostInMemory: number | undefined,
): Promise<FileSeal> {
  if (name === "" || name !== basename(name) || name.includes("\\")) {
    throw new Error(
      `\`model.onnx\` has weights in \`${name}\`, which is no plain file beside it; a model with a digest or a signature must not have those.`,
    );
  }
  const file = join(dir, name);
  const seal = await FileSeal.of(file).catch((error: NodeJS.ErrnoException) => unreadable(name, error));
  const actual = await sha256OfFile(file, name);
  if (trust.sha256 !== undefined) {
    const expected = trust.sideFiles?.[name];
    if (expected === undefined) {
      throw new Error(
        `\`model.onnx\` has weights in \`${name}\`, for which \`sha256\` in \`model.json\` has no digest; add \`<version>/${name}\` to it or keep the weights inside the model.`,
      );
    }
    if (actual !== expected) {
      throw new Error(
        `\`${name}\` has the SHA-256 ${actual}, but \`model.json\` pins ${expected}; fetch the model again or correct the digest.`,
      );
    }
    seal.pin(expected, () => sha256OfFile(file, name));
  }
  if (mostInMemory !== undefined)
    await verifySideSignature(file, actual, trust.publicKeys ?? [], mostInMemory);
  return seal;
}

/**
 * Takes a signature of the line that `sha256sum` prints for the file, or of the file's bytes. Ed25519 needs all that is signed at
 * once, which the weights of large models are too large for.
 */
async function verifySideSignature(
  file: string,
  sha256: string,
  publicKeys: FileTrust["publicKeys"] & object,
  mostInMemory: number,
): Promise<void> {
  const name = basename(file);
  const signature = await readSignature(file);
  if (signature !== undefined) {
    const raw = rawSignature(name, signature);
    if (isSigned(Buffer.from(`${sha256}  ${name}\n`), raw, publicKeys)) return;
    const { size } = await stat(file).catch((error: NodeJS.ErrnoException) => unreadable(name, error));
    if (size > mostInMemory) {
      throw new Error(
        `\`${name}\` has ${size} bytes, but no file of more than ${mostInMemory} can be checked against a signature of its own bytes, and \`${name}${SIGNATURE_SUFFIX}\` is none of its digest by a key that is trusted; sign the line that \`sha256sum ${name}\` prints instead.`,
      );
    }
  }
  const bytes = signature === undefined ? new Uint8Array(0) : await readModelFile(file, name);
  verifySignature(name, bytes, signature, publicKeys);
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
  if (!isSigned(bytes, rawSignature(name, signature), publicKeys)) {
    throw new Error(
      `The signature in \`${name}${SIGNATURE_SUFFIX}\` is of other bytes than \`${name}\`, or by a key that is not trusted.`,
    );
  }
}

function isSigned(bytes: Uint8Array, raw: Uint8Array, publicKeys: readonly (KeyObject | string)[]): boolean {
  return publicKeys.some((key) =>
    verify(null, bytes, typeof key === "string" ? createPublicKey(key) : key, raw),
  );
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
  return readFile(file).catch((error: NodeJS.ErrnoException) => unreadable(name, error));
}

function unreadable(name: string, error: NodeJS.ErrnoException): never {
  throw new Error(`\`${name}\` cannot be read (${error.code}).`, { cause: error });
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
  await pipeline(createReadStream(file), hash).catch((error: NodeJS.ErrnoException) =>
    unreadable(name, error),
  );
  return hash.digest("hex");
}
