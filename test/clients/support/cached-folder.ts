import { createHash } from "node:crypto";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { cacheDir } from "../../../toolchain/paths";

/** Written last: a folder without it was left behind by a run that was interrupted. */
const COMPLETE = ".complete";

/**
 * A folder of the project's cache that is filled once for each content of `recipe`.
 * @param recipe everything that decides what is in the folder
 * @param fill makes the folder and fills it; it does not exist before
 */
export async function cachedFolder(
  name: string,
  recipe: string,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const digest = createHash("sha256").update(recipe).digest("hex").slice(0, 16);
  const folder = join(cacheDir(), "test-clients", `${name}-${digest}`);
  if (existsSync(join(folder, COMPLETE))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  await fill(folder);
  writeFileSync(join(folder, COMPLETE), "");
  return folder;
}
