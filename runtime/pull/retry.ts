import { setTimeout as delay } from "node:timers/promises";
import { PullFailure } from "./pull-failure";

const ATTEMPTS = 6;
/** Milliseconds before the second attempt; doubled for each further one. */
const FIRST_DELAY_MS = 250;

/** Whether another attempt may go better: a connection that broke, a registry that is starting. */
export function isTransient(error: unknown): boolean {
  if (error instanceof PullFailure) return error.transient;
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|ERR_STREAM_PREMATURE_CLOSE|UND_ERR)/.test(code) ||
    ["terminated", "aborted"].includes((error as Error)?.message)
  );
}

/**
 * Runs `work` again, each time after a longer wait, while it fails for reasons that pass.
 * @param progressed whether the attempt that failed got somewhere, so that attempts are counted anew
 */
export async function withRetries<T>(
  work: () => Promise<T>,
  onRetry: (error: unknown, waitMs: number) => void,
  wait: (ms: number) => Promise<unknown> = delay,
  progressed: () => boolean = () => false,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (progressed()) attempt = 1;
      if (attempt >= ATTEMPTS) throw error;
      const waitMs = FIRST_DELAY_MS * 2 ** (attempt - 1);
      onRetry(error, waitMs);
      await wait(waitMs);
    }
  }
}
