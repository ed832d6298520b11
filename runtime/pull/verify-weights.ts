import { closeSync, fstatSync, openSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { externalDataOf } from "../models/external-data";
import { readModelConfig } from "../models/model-config";
import { FileBytes } from "./file-bytes";
import { sha256OfFile } from "./sha256-of-file";

/**
 * Checks the files beside a staged model in which it keeps weights, of which the digest of `model.onnx` says nothing, against
 * the digests in the staged `model.json`, which a server will ask for, too.
 * @param path of the model's file inside the staged folder, `<version>/model.onnx`
 * @throws Error with a public sentence
 */
export async function verifyWeights(dir: string, path: string): Promise<void> {
  const names = weightsOf(join(dir, path));
  if (names.length === 0) return;
  const version = dirname(path);
  const { sha256: digests } = await readModelConfig(dir);
  for (const name of names) {
    const expected = name === basename(name) ? digests[`${version}/${name}`] : undefined;
    if (expected === undefined) {
      throw new Error(
        `It has weights in \`${name}\`, which \`--sha256\` does not cover: give \`--public-key\`, pull an archive, or have the source's \`model.json\` give the digest of \`${version}/${name}\`.`,
      );
    }
    const actual = await sha256OfFile(join(dir, version, name)).catch((error: NodeJS.ErrnoException) => {
      throw new Error(`Its weights in \`${name}\` cannot be read (${error.code}).`, { cause: error });
    });
    if (actual !== expected) {
      throw new Error(
        `Its weights in \`${name}\` have the SHA-256 ${actual}, but the source's \`model.json\` says ${expected}.`,
      );
    }
  }
}

function weightsOf(file: string): string[] {
  const fd = openSync(file, "r");
  try {
    return externalDataOf(new FileBytes(fd, fstatSync(fd).size));
  } finally {
    closeSync(fd);
  }
}
