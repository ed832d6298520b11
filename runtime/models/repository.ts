import { readdirSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { byVersion } from "./version-policy";

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
    const model = MODEL_NAME.test(name) ? await scanModel(root, name) : undefined;
    if (model) models.push(model);
    else ignored(name);
  }
  return models;
}

/** One model of a repository; undefined where there is no such folder. */
export async function scanModel(root: string, name: string): Promise<ModelFolder | undefined> {
  // The name may come from a request: it must not lead out of the repository.
  if (!MODEL_NAME.test(name) || NOT_MODELS.has(name)) return undefined;
  const dir = join(root, name);
  if (!(await stat(dir).catch(() => undefined))?.isDirectory()) return undefined;
  // A folder that cannot be read holds nothing that could be served; the other models are not to suffer for it.
  const versions = (await folders(dir).catch(() => [])).filter((version) => VERSION.test(version));
  return { name, dir, versions: versions.sort(byVersion) };
}

/** Names of the models that lie in a repository. Reads at once: for the rare answers that list what is not loaded. */
export function modelNames(root: string): string[] {
  try {
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map(({ name }) => name)
      .filter((name) => MODEL_NAME.test(name) && !NOT_MODELS.has(name))
      .sort();
  } catch {
    return [];
  }
}
