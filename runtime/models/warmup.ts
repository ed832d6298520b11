import { messageOf } from "../message-of";
import type { Servable } from "./servable";
import { warmupTensors } from "./warmup-tensors";
import { LoadFailure } from "./worker-instance";

/**
 * Runs the requests that `model.json` asks for on every worker, so that the first callers do not pay for lazy allocations.
 * @throws LoadFailure with the public reason: a model that fails these would fail its callers
 */
export async function warmUp(servable: Servable): Promise<void> {
  const { warmup } = servable.config;
  if (!warmup) return;
  const count = warmup.count ?? 1;
  for (let round = 1; round <= count; round++) {
    try {
      const inputs = () => warmupTensors(warmup, servable.spec);
      // A pipeline's steps have their models' workers, which those models warm up.
      if (servable.warm) await servable.warm(inputs);
      else await servable.infer({ inputs: inputs() });
    } catch (error) {
      throw new LoadFailure(`The warm-up request ${round} of ${count} failed: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}
