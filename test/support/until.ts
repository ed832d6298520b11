import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks every second until there is an answer.
 * @param patience milliseconds
 */
export async function until<T>(
  what: string,
  patience: number,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  for (const deadline = Date.now() + patience; ; await sleep(1_000)) {
    const found = await ask();
    if (found !== undefined) return found;
    assert.ok(Date.now() < deadline, `${what} within ${patience / 1000} s`);
  }
}
