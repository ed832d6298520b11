import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Staging } from "./staging";

const CONFIG = "model.json";

/**
 * Puts the staged files into the repository in one step per version: a server never sees half a version. Other versions
 * of the model stay, and keep their digests in `model.json`. @returns the model's folder
 */
export async function placeModel(staging: Staging, model: string): Promise<string> {
  const { content } = staging;
  const target = join(staging.repository, model);
  const replaced = staging.replaced(model);
  await mkdir(target, { recursive: true });
  await mkdir(replaced, { recursive: true });
  await mergeConfig(content, target);
  // The configuration first: a version must not be found by a server that does not know its digest yet.
  const entries = (await readdir(content)).sort((a, b) => Number(b === CONFIG) - Number(a === CONFIG));
  for (const entry of entries) {
    const destination = join(target, entry);
    // A directory cannot be renamed over another one that is not empty.
    await rename(destination, join(replaced, entry)).catch(ignoreMissing);
    await rename(join(content, entry), destination);
  }
  return target;
}

async function mergeConfig(content: string, target: string): Promise<void> {
  const [added, present] = await Promise.all([
    readJson(join(content, CONFIG)),
    readJson(join(target, CONFIG)),
  ]);
  if (!added || !present) return;
  const merged = { ...present, ...added, sha256: { ...asObject(present.sha256), ...asObject(added.sha256) } };
  await writeFile(join(content, CONFIG), `${JSON.stringify(merged, null, 2)}\n`);
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

async function readJson(file: string): Promise<Record<string, unknown> | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
