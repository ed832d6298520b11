import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { messageOf } from "../message-of";
import { readVerifiedModel } from "../models/model-trust";
import { PullFailure } from "./pull-failure";

const MODEL_FILE = "model.onnx";

export interface FolderTrust {
  /** Digest in hex that every model file must have. */
  readonly sha256?: string;
  /** Ed25519 keys, PEM, one of which must have signed every model file. */
  readonly publicKeys?: readonly string[];
}

/** Checks every model file of a staged model. @throws PullFailure where one is not what it must be, or there is none */
export async function verifyFolder(dir: string, { sha256, publicKeys = [] }: FolderTrust): Promise<void> {
  const files = (await readdir(dir, { recursive: true })).filter((path) => basename(path) === MODEL_FILE);
  if (files.length === 0) throw new PullFailure("The source holds no `<version>/model.onnx`.");
  for (const path of files) {
    const actual = sha256 === undefined ? undefined : await sha256OfFile(join(dir, path));
    if (actual !== sha256) {
      throw new PullFailure(
        `${path} has the SHA-256 ${actual}, but \`--sha256\` says ${sha256}; nothing was installed.`,
      );
    }
    if (publicKeys.length === 0) continue;
    await readVerifiedModel(join(dir, path), { publicKeys }).catch((error: unknown) => {
      throw new PullFailure(`${path} was refused: ${messageOf(error)} Nothing was installed.`, false, {
        cause: error,
      });
    });
  }
}

/** SHA-256 of a file in hex, without holding it in memory. */
export async function sha256OfFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
