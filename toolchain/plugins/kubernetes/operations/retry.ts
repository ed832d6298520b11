import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, isNamespaceNotFound, isNotFound, isTransient } from "../client/api-error";
import { UnknownKind } from "../client/cluster";
import type { ResourceLog } from "../../shared/provider";

/** Together about half a minute: how long a namespace, a definition or a webhook may take to appear. */
const PAUSES_MS = [300, 700, 1_000, 2_000, 3_000, 5_000, 8_000, 10_000];

/**
 * Whether something that the write needs may just not be there yet: its namespace, its kind's definition, an admission
 * webhook whose pod starts. A 4xx of any other kind is the server's last word.
 */
function mayPass(error: unknown): boolean {
  if (error instanceof UnknownKind || isNamespaceNotFound(error)) return true;
  if (isNotFound(error)) return true;
  // Another writer was between our reading and writing; or the server is busy.
  if (error instanceof ApiError && error.code === 409 && error.details.causes.length === 0) {
    return (
      error.reason === "Conflict" && /please apply your changes to the latest version/.test(error.message)
    );
  }
  return isTransient(error);
}

/** Runs a write, again for as long as its failure may pass. */
export async function retrying<T>(
  work: () => Promise<T>,
  { signal, log }: { signal: AbortSignal; log: ResourceLog },
): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !mayPass(error)) throw error;
      log.status(`trying again: ${(error as Error).message}`);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      signal.throwIfAborted();
    }
  }
  return work();
}
