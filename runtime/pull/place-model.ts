import { mkdtemp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Lets `fill` write a model's folder, then puts it into the repository in one step per version: a server never sees
 * half a version. Other versions of the model stay, and keep their digests in `model.json`.
 */
export async function placeModel(
  repository: string,
  fill: (dir: string) => Promise<{ model: string }>,
): Promise<string> {
  await mkdir(repository, { recursive: true });
  // A dot name: neither a server nor `ls` takes it for a model. Inside the repository, because renames cross no volumes.
  const staging = await mkdtemp(join(repository, ".pull-"));
  try {
    const { model } = await fill(staging);
    const target = join(repository, model);
    await mkdir(target, { recursive: true });
    await mergeConfig(staging, target);
    for (const entry of await readdir(staging)) {
      const destination = join(target, entry);
      // A directory cannot be renamed over another one that is not empty.
      await rename(destination, join(staging, `.old-${entry}`)).catch(ignoreMissing);
      await rename(join(staging, entry), destination);
    }
    return target;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function mergeConfig(staging: string, target: string): Promise<void> {
  const [added, present] = await Promise.all([
    readJson(join(staging, "model.json")),
    readJson(join(target, "model.json")),
  ]);
  if (!added || !present) return;
  const merged = { ...present, ...added, sha256: { ...asObject(present.sha256), ...asObject(added.sha256) } };
  await writeFile(join(staging, "model.json"), `${JSON.stringify(merged, null, 2)}\n`);
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
