import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { messageOf } from "../message-of";
import { readVerifiedModel } from "../models/model-trust";
import { PullFailure } from "./pull-failure";
import { sha256OfFile } from "./sha256-of-file";
import { verifyWeights } from "./verify-weights";

const MODEL_FILE = "model.onnx";

export interface FolderTrust {
  /** Digest in hex that every model file must have. */
  readonly sha256?: string;
  /** Ed25519 keys, PEM, one of which must have signed every model file. */
  readonly publicKeys?: readonly string[];
  /** The source is named by a digest of all of its files. @default false */
  readonly isContentAddressed?: boolean;
}

/** Checks every model file of a staged model. @throws PullFailure where one is not what it must be, or there is none */
export async function verifyFolder(
  dir: string,
  { sha256, publicKeys = [], isContentAddressed = false }: FolderTrust,
): Promise<void> {
  const files = (await readdir(dir, { recursive: true })).filter((path) => basename(path) === MODEL_FILE);
  if (files.length === 0) throw new PullFailure("The source holds no `<version>/model.onnx`.");
  for (const path of files) {
    const actual = sha256 === undefined ? undefined : await sha256OfFile(join(dir, path));
    if (actual !== sha256) {
      throw new PullFailure(
        `${path} has the SHA-256 ${actual}, but \`--sha256\` says ${sha256}; nothing was installed.`,
      );
    }
    let check: Promise<unknown> | undefined;
    if (publicKeys.length > 0) check = readVerifiedModel(join(dir, path), { publicKeys });
    else if (sha256 !== undefined && !isContentAddressed) check = verifyWeights(dir, path);
    await check?.catch((error: unknown) => {
      throw new PullFailure(`${path} was refused: ${messageOf(error)} Nothing was installed.`, false, {
        cause: error,
      });
    });
  }
}
