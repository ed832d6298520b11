import { readFileSync, renameSync, writeFileSync } from "node:fs";

/** Replaces a file in one step, and only where its content differs. Returns whether it did. */
export function writeIfChanged(path: string, content: string, mode = 0o644): boolean {
  try {
    if (readFileSync(path, "utf8") === content) return false;
  } catch {
    // Not there yet.
  }
  const partial = `${path}.partial-${process.pid}`;
  writeFileSync(partial, content, { mode });
  renameSync(partial, path);
  return true;
}
