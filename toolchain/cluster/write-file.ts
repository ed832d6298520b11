import { chmodSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";

/**
 * Replaces a file in one step, and only where its content differs. Returns whether it did. A file that is as it should be does not
 * stay open to more users than it is for.
 */
export function writeIfChanged(path: string, content: string, mode = 0o644): boolean {
  if (contentOf(path) === content) {
    const wider = statSync(path).mode & 0o777 & ~mode;
    if (wider !== 0) chmodSync(path, mode);
    return false;
  }
  const partial = `${path}.partial-${process.pid}`;
  writeFileSync(partial, content, { mode });
  renameSync(partial, path);
  return true;
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Not there yet.
    return undefined;
  }
}
