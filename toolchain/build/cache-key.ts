import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** Digits of the key in a folder's name. */
const KEY_LENGTH = 16;

/**
 * The key of what a build makes: the content of its files and its settings, so that a change of either makes a new folder.
 * The version of Go is no part of it: what is in the cache stays usable where Go is newer, or gone.
 */
export function cacheKey(files: readonly string[], settings: unknown): string {
  const hash = createHash("sha256");
  for (const file of files) {
    const content = readFileSync(file);
    // Lengths keep "ab" + "c" apart from "a" + "bc".
    hash.update(`${content.length}\n`).update(content);
  }
  return hash.update(JSON.stringify(settings)).digest("hex").slice(0, KEY_LENGTH);
}
