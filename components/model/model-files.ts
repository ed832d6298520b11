import { createHash, createPublicKey, verify } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { OnnxModel } from "../internal/onnx/onnx-model";
import { quoted } from "../internal/onnx/quoted";
import { readOnnxModel } from "../internal/onnx/read-onnx-model";
import { UnreadableModel } from "../internal/onnx/wire-file";
import { isPlainPath } from "./repository-models";

/** Bytes that are hashed at a time. */
const CHUNK = 1024 * 1024;

/** Bytes of the largest file whose signature is checked here: Ed25519 takes all of it at once. The server checks every one. */
const LARGEST_VERIFIED = 128 * 1024 * 1024;

/** Suffix of the file beside a model that holds its signature. */
const SIGNATURE_SUFFIX = ".sig";

/** A model's file in its version's folder. */
const MODEL = "model.onnx";

/** The reference profile beside it that drift is told by, as `slipway baseline` writes it. */
const BASELINE = "baseline.json";

/** A file as it is uploaded. */
export interface ModelFile {
  /** Name in the version's folder. */
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
}

/** What lies on this machine of a version. */
export interface VersionFiles {
  /** Undefined where the file could not be read. */
  readonly model: OnnxModel | undefined;
  /** SHA-256 in hex of the model's file. */
  readonly sha256: string | undefined;
  /** Bytes of all files together. */
  readonly bytes: number;
  /** The model, the files with its weights, the signatures, and `baseline.json` beside a `model.onnx`. */
  readonly files: readonly ModelFile[];
  readonly problems: readonly string[];
}

/** Reads a model's file and what lies beside it, never all of it at once. @param signatureKey PEM that must have signed it */
export function readVersionFiles(path: string, signatureKey: string | undefined): VersionFiles {
  const problems: string[] = [];
  const files: ModelFile[] = [];
  let bytes = 0;
  const add = (file: string, name: string): ModelFile => {
    const added = { name, path: file, sha256: sha256Of(file) };
    files.push(added);
    bytes += statSync(file).size;
    return added;
  };
  let model: OnnxModel;
  try {
    model = readOnnxModel(path);
  } catch (error) {
    return { model: undefined, sha256: undefined, bytes, files, problems: [unreadable(path, error)] };
  }
  const { sha256 } = add(path, MODEL);
  const parts: Pick<ModelFile, "path" | "name">[] = [{ path, name: MODEL }];
  for (const { location, bytes: needed } of model.externalData) {
    const problem = sideFileProblem(path, location, needed);
    if (problem !== undefined) problems.push(problem);
    else parts.push({ path: join(dirname(path), location), name: location });
  }
  for (const part of parts.slice(1)) add(part.path, part.name);
  const baseline = baselineOf(path);
  if (baseline !== undefined) add(baseline, BASELINE);
  for (const part of parts) {
    if (signatureKey === undefined) break;
    const problem = signatureProblem(part.path, signatureKey);
    if (problem !== undefined) problems.push(problem);
    else add(`${part.path}${SIGNATURE_SUFFIX}`, `${part.name}${SIGNATURE_SUFFIX}`);
  }
  return { model, sha256, bytes, files, problems };
}

/** Beside a model that is called otherwise it could be another one's, of the same folder. */
function baselineOf(path: string): string | undefined {
  const file = join(dirname(path), BASELINE);
  return basename(path) === MODEL && sizeOf(file) !== undefined ? file : undefined;
}

/** Weights lie beside the model and nowhere else: the server takes no other, and a path could lead out of the folder. */
function sideFileProblem(path: string, location: string, needed: number): string | undefined {
  if (location !== basename(location) || !isPlainPath(location)) {
    return `"${path}" has weights in ${quoted(location)}, which must be the name of a file beside it, of letters, digits, "_", ".", "@", "+" and "-"`;
  }
  const file = join(dirname(path), location);
  const size = sizeOf(file);
  if (size === undefined) return `"${path}" has weights in "${file}", which is not there`;
  if (size < needed)
    return `"${path}" has weights in "${file}", which has ${size} bytes of the ${needed} that it needs`;
  return undefined;
}

function signatureProblem(path: string, key: string): string | undefined {
  const file = `${path}${SIGNATURE_SUFFIX}`;
  const size = sizeOf(file);
  if (size === undefined)
    return `"${path}" is not signed: "${file}" is not there, but \`signatureKey\` is given`;
  const signature = size > 1024 ? undefined : rawSignature(readFileSync(file));
  if (!signature) return `"${file}" is no Ed25519 signature: it must be 64 bytes, or those in base64`;
  if ((sizeOf(path) ?? 0) > LARGEST_VERIFIED) return undefined;
  if (verify(null, readFileSync(path), createPublicKey(key), signature)) return undefined;
  return `the signature in "${file}" is of other bytes than "${path}", or not by \`signatureKey\``;
}

/** Takes both forms: what `openssl pkeyutl` writes, and the same as a line of base64. */
function rawSignature(bytes: Buffer): Buffer | undefined {
  if (bytes.length === 64) return bytes;
  const text = bytes.toString("latin1").trim();
  const raw = /^[A-Za-z0-9+/_-]{86}(==)?$/.test(text) ? Buffer.from(text, "base64") : undefined;
  return raw?.length === 64 ? raw : undefined;
}

function sizeOf(file: string): number | undefined {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat?.isFile() === true ? stat.size : undefined;
}

function sha256Of(path: string): string {
  const hash = createHash("sha256");
  const chunk = Buffer.allocUnsafe(CHUNK);
  const descriptor = openSync(path, "r");
  try {
    for (let length = -1; length !== 0;) {
      length = readSync(descriptor, chunk, 0, CHUNK, null);
      hash.update(chunk.subarray(0, length));
    }
  } finally {
    closeSync(descriptor);
  }
  return hash.digest("hex");
}

function unreadable(path: string, error: unknown): string {
  if (error instanceof UnreadableModel) return `"${path}" ${error.message}`;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return `"${path}" cannot be read (${code})`;
}
