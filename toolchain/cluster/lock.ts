import { join } from "node:path";
import { lock } from "proper-lockfile";
import { SlipwayError } from "../errors";
import { stateDir } from "../paths";
import type { Progress } from "../progress";

/** A lock whose holder has not touched it for this long belongs to a process that is gone. */
const STALE_MS = 10_000;
const RETRY_MS = 500;
/** How long another run of `up` or `down` is waited for. */
const PATIENCE_MS = 5 * 60_000;

/** Runs `work` while no other process starts or stops this cluster. */
export async function withClusterLock<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  const release = await acquire(progress);
  try {
    return await work();
  } finally {
    await release().catch(() => undefined);
  }
}

async function acquire(progress: Progress): Promise<() => Promise<void>> {
  const dir = stateDir();
  const options = {
    lockfilePath: join(dir, "cluster.lock"),
    stale: STALE_MS,
    update: STALE_MS / 5,
    // Lost while this machine slept; the lock on `up` and `down` still keeps others away.
    onCompromised: () => undefined,
  };
  for (let waited = 0; ; waited += RETRY_MS) {
    try {
      return await lock(dir, options);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
      if (waited === 0) progress.note("Another run is starting or stopping the cluster; waiting for it.");
      if (waited >= PATIENCE_MS) {
        throw new SlipwayError(
          `Another run has held ${options.lockfilePath} for ${PATIENCE_MS / 60_000} minutes: end it, then try again.`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
