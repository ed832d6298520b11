import { mkdir, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { PullFailure } from "./pull-failure";
import { packagingOf } from "./reference";
import { unpack } from "./unpack";
import { sha256OfFile } from "./sha256-of-file";

export interface SingleFile {
  /** Where it lies now; moved or unpacked from there. */
  readonly file: string;
  /** Its path at the source, which names the model where nothing else does. */
  readonly path: string;
  readonly version?: string;
  readonly maxBytes: number;
  /** Writes the detached signature, if the source has one and it is asked for. */
  readonly signature?: (to: string) => Promise<void>;
}

/** Makes a model's folder of a bare `.onnx` or an archive. @returns the model's own name */
export async function installFile(content: string, source: SingleFile): Promise<string> {
  const packaging = packagingOf(source.path);
  switch (packaging) {
    case ".onnx":
      await installModel(content, source);
      return nameOf(source.path);
    case ".tar":
    case ".tar.gz":
    case ".tgz": {
      const compressed = packaging !== ".tar";
      const folder = await unpack(source.file, content, { compressed, maxBytes: source.maxBytes });
      return folder ?? nameOf(source.path);
    }
    case undefined:
      throw new PullFailure(`The model source (${source.path}) must be a folder, a .onnx or a tar archive.`);
  }
}

/** One version, its digest pinned: a server then refuses the file when it changes on the disk. */
async function installModel(content: string, { file, version = "1", signature }: SingleFile): Promise<void> {
  if (!/^[1-9]\d{0,17}$/.test(version)) {
    throw new PullFailure(`The version (${version}, \`--version\`) must be a whole number from 1.`);
  }
  const target = join(content, version, "model.onnx");
  await mkdir(dirname(target));
  const sha256 = { [version]: await sha256OfFile(file) };
  await rename(file, target);
  await signature?.(`${target}.sig`);
  await writeFile(join(content, "model.json"), `${JSON.stringify({ sha256 }, null, 2)}\n`);
}

/** `bert` for `…/bert.onnx` and `…/bert.tar.gz`, and for `…/bert/3/model.onnx`. */
function nameOf(path: string): string {
  const stem = basename(path).slice(0, -packagingOf(path)!.length);
  if (stem !== "model") return stem;
  const folders = dirname(path)
    .split("/")
    .filter((part) => part !== "" && part !== "." && !/^\d+$/.test(part));
  return folders.pop() ?? stem;
}
