import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { SlipwayError } from "../errors";
import type { Task } from "../progress";
import { describeSeconds } from "./build-estimate";

/** A lock that was not renewed for this long belonged to a process that is gone. */
const STALE_MS = 15_000;
const RENEW_MS = 3_000;
const RETRY_MS = 1_000;

/**
 * Runs `work` while no other process of this machine works on the same thing in `folder`. The second one waits and says
 * for whom; it should then look again whether there is anything left to do.
 */
export async function withBuildLock<T>(
  folder: string,
  name: string,
  task: Task,
  work: () => Promise<T>,
): Promise<T> {
  const lockPath = join(folder, `${name}.lock`);
  const ownerPath = join(folder, `${name}.owner`);
  const release = await acquire(folder, name, lockPath, ownerPath, task);
  try {
    writeFileSync(ownerPath, String(process.pid));
    return await work();
  } finally {
    rmSync(ownerPath, { force: true });
    await release().catch(() => undefined); // lost to another process after this machine slept: nothing to give back
  }
}

async function acquire(
  folder: string,
  name: string,
  lockfilePath: string,
  ownerPath: string,
  task: Task,
): Promise<() => Promise<void>> {
  const started = Date.now();
  for (;;) {
    try {
      mkdirSync(folder, { recursive: true });
      // Losing the lock is harmless: both builders rename whole files, of equal content, to the same names.
      return await lock(folder, {
        lockfilePath,
        stale: STALE_MS,
        update: RENEW_MS,
        onCompromised: () => undefined,
      });
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code !== "ELOCKED") {
        throw new SlipwayError(
          `The cache folder "${folder}" cannot be locked (${code ?? String(error)}): make it writable, or set SLIPWAY_CACHE_DIR to a folder that is.`,
        );
      }
    }
    const waited = describeSeconds((Date.now() - started) / 1000);
    task.update(
      `waiting for ${describeOwner(ownerPath)}, which is preparing the same (${name}), for ${waited} now`,
    );
    await sleep(RETRY_MS);
  }
}

function describeOwner(ownerPath: string): string {
  try {
    return `process ${readFileSync(ownerPath, "utf8")}`;
  } catch {
    return "another process";
  }
}
