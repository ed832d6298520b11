import { readdirSync, readlinkSync, rmSync, statSync, utimesSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";

/** Another checkout may use another key: only what nobody asked for in this time is removed. */
const UNUSED_MS = 14 * 24 * 3600 * 1000;

/** Notes that a folder of the cache is in use, so that it is kept. */
export function markUsed(folder: string, now = new Date()): void {
  try {
    utimesSync(folder, now, now);
  } catch {
    // A cache that only another user may write, e.g. one baked into an image, is never cleared by this one either.
  }
}

/**
 * Removes what earlier releases of the project built: folders `<name>-<other key>` beside the current one that nobody used
 * for two weeks and that no running process was started from. So are `<name>-<key>.<suffix>`, which a run that was killed
 * left half-made.
 * @param programs executables of the processes that run; for tests
 */
export function removeUnusedKeys(current: string, programs: readonly string[] = runningPrograms()): void {
  const parent = dirname(current);
  const name = basename(current).replace(/-[0-9a-f]+$/, "");
  const hasKey = new RegExp(`^${name}-[0-9a-f]{16}(\\.\\w+)?$`);
  for (const entry of readdirSync(parent)) {
    const folder = join(parent, entry);
    if (!hasKey.test(entry) || folder === current) continue;
    // Another run may be clearing the same.
    const used = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
    const isUnused = used !== undefined && Date.now() - used > UNUSED_MS;
    const isRunning = programs.some((program) => program.startsWith(folder + sep));
    if (isUnused && !isRunning) rmSync(folder, { recursive: true, force: true });
  }
}

function runningPrograms(): string[] {
  return listProcesses().flatMap((pid) => {
    try {
      return [readlinkSync(`/proc/${pid}/exe`)];
    } catch {
      return []; // gone since, a kernel thread, or another user's
    }
  });
}

function listProcesses(): string[] {
  try {
    return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  } catch {
    return []; // no Linux
  }
}
