import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ModelFolder } from "./repository";

/** What a model's files looked like: it changes when their content does. */
export interface ModelStamp {
  readonly config: string;
  readonly versions: ReadonlyMap<string, FilesStamp>;
}

export interface FilesStamp {
  readonly text: string;
  readonly bytes: number;
}

const NO_FILES: FilesStamp = { text: "", bytes: 0 };

/** Looks at `model.json` and at every file beside each version's model: weights and signatures count too. */
export async function stampOf(folder: ModelFolder): Promise<ModelStamp> {
  const config = (await stampOfFile(join(folder.dir, "model.json")))?.text ?? "";
  const stamps = await Promise.all(folder.versions.map((version) => stampOfFiles(join(folder.dir, version))));
  return { config, versions: new Map(folder.versions.map((version, i) => [version, stamps[i]!])) };
}

/** The files of one version; of none where the folder is missing. */
export async function stampOfFiles(dir: string): Promise<FilesStamp> {
  const names = await readdir(dir).catch(() => []);
  const stamps = await Promise.all(
    names.sort().map(async (name) => {
      const stamp = name.startsWith(".") ? undefined : await stampOfFile(join(dir, name));
      return stamp && { text: `${name}=${stamp.text}`, bytes: stamp.bytes };
    }),
  );
  return stamps.reduce<FilesStamp>(
    (all, stamp) => (stamp ? { text: `${all.text};${stamp.text}`, bytes: all.bytes + stamp.bytes } : all),
    NO_FILES,
  );
}

async function stampOfFile(file: string): Promise<FilesStamp | undefined> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() ? { text: `${found.size}:${found.mtimeMs}`, bytes: found.size } : undefined;
}

/** One text for everything, to compare. */
export function stampText({ config, versions }: ModelStamp): string {
  return JSON.stringify([config, ...[...versions].map(([version, { text }]) => [version, text])]);
}
