import { setImmediate as turn } from "node:timers/promises";
import { messageOf } from "../message-of";
import type { Servable } from "./servable";
import { warmupTensors } from "./warmup-tensors";
import { LoadFailure } from "./worker-instance";

/**
 * Runs the requests that `model.json` asks for, so that the first caller does not pay for lazy allocations.
 * @throws LoadFailure with the public reason: a model that fails these would fail its callers
 */
export async function warmUp(servable: Servable): Promise<void> {
  const { warmup } = servable.config;
  if (!warmup) return;
  const count = warmup.count ?? 1;
  for (let round = 1; round <= count; round++) {
    try {
      await everyInstance(servable, () => servable.infer({ inputs: warmupTensors(warmup, servable.spec) }));
    } catch (error) {
      throw new LoadFailure(`The warm-up request ${round} of ${count} failed: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}

/** A turn apart, requests go one to each idle worker instead of sharing a run. */
async function everyInstance(servable: Servable, run: () => Promise<unknown>): Promise<void> {
  const runs: Promise<unknown>[] = [];
  for (let i = 0; i < servable.settings.instances; i++) {
    const started = run();
    // Looked at below; until then a failure must not count as unhandled.
    started.catch(() => undefined);
    runs.push(started);
    await turn();
  }
  await Promise.all(runs);
}
