import { setTimeout as sleep } from "node:timers/promises";
import { SlipwayError } from "../../toolchain/errors";

/** What the engine has begun may take this long to end in order. */
const GRACE_MS = 60_000;
const POLL_MS = 50;

const cancellation = new AbortController();
let running = 0;
let closed = false;

/** Aborted when the engine must end: it then finishes what it has begun and writes its state down. */
export const engineSignal: AbortSignal = cancellation.signal;

export const engineIsBusy = () => running > 0;

/** Every operation of the engine runs through here, so that an interruption can wait for it. */
export async function whileEngineRuns<T>(work: () => Promise<T>): Promise<T> {
  if (closed) throw new SlipwayError("interrupted");
  running++;
  try {
    return await work();
  } finally {
    running--;
  }
}

/**
 * Lets no operation begin any more and waits for the one in progress.
 * @param tell whether the engine must be told; a terminal has told it already, and being told twice ends it at once
 */
export async function endEngine(tell: boolean): Promise<void> {
  closed = true;
  if (tell) cancellation.abort();
  const deadline = Date.now() + GRACE_MS;
  while (running > 0 && Date.now() < deadline) await sleep(POLL_MS);
  // Whoever waited for the engine removes what it made for it.
  await sleep(POLL_MS);
}
