import { publicError } from "../errors";
import type { Metrics } from "../metrics/metrics";
import type { Servable } from "../models/servable";
import type { ByteBudget } from "./byte-budget";
import type { DataPlane } from "./dataplane";

/** What the transports share to answer an inference request. */
export interface InferenceAccounts {
  readonly dataPlane: DataPlane;
  readonly metrics: Metrics;
  readonly budget: ByteBudget;
}

/**
 * Finds the model of a request; one that must be loaded first is promised. What cannot be found at once is counted here,
 * what cannot be loaded by the caller.
 * @throws ModelNotFound or ModelNotReady
 */
export function resolveCounted(
  { dataPlane, metrics }: InferenceAccounts,
  name: string,
  version: string | undefined,
): Servable | Promise<Servable> {
  try {
    return dataPlane.resolve(name, version);
  } catch (error) {
    metrics.unresolved(publicError(error).code);
    throw error;
  }
}
