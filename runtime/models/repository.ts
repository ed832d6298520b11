import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A model as it lies on disk. */
export interface ModelFolder {
  readonly name: string;
  readonly dir: string;
  /** Ascending; only folders whose name is a positive whole number count. */
  readonly versions: readonly string[];
}

const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const VERSION = /^[1-9]\d{0,17}$/;

/** Volumes come with such folders; they are nobody's model. */
const NOT_MODELS = new Set(["lost+found"]);

async function folders(dir: string): Promise<string[]> {
  const names = await readdir(dir);
  const kept: string[] = [];
  for (const name of names.sort()) {
    // Mounted ConfigMaps and Secrets keep their generations under dot names. `stat` follows links, readdir would not.
    if (name.startsWith(".") || NOT_MODELS.has(name)) continue;
    if ((await stat(join(dir, name)).catch(() => undefined))?.isDirectory()) kept.push(name);
  }
  return kept;
}

/** Lists the models of a repository. Folders whose name cannot be a model's are reported through `ignored`. */
export async function scanRepository(root: string, ignored: (name: string) => void): Promise<ModelFolder[]> {
  const models: ModelFolder[] = [];
  for (const name of await folders(root)) {
    if (!MODEL_NAME.test(name)) {
      ignored(name);
      continue;
    }
    const dir = join(root, name);
    const versions = (await folders(dir)).filter((version) => VERSION.test(version));
    models.push({ name, dir, versions: versions.sort(byVersion) });
  }
  return models;
}

/** Orders versions by their number. */
function byVersion(a: string, b: string): number {
  return Number(BigInt(a) - BigInt(b));
}
