import { publicError } from "../errors";
import type { Metrics } from "../metrics/metrics";
import type { ServedModel } from "../models/served-model";
import type { ByteBudget, ByteShare } from "./byte-budget";
import type { DataPlane } from "./dataplane";

/** What the transports share to answer an inference request. */
export interface InferenceAccounts {
  readonly dataPlane: DataPlane;
  readonly metrics: Metrics;
  readonly budget: ByteBudget;
}

/**
 * Finds the model and lets `answer` run a request on it. Whatever becomes of that is counted once, and the request's
 * share of memory is given back.
 * @throws what `answer` throws, ModelNotFound or ModelNotReady
 */
export async function accounted<Result>(
  { dataPlane, metrics, budget }: InferenceAccounts,
  name: string,
  version: string | undefined,
  answer: (model: ServedModel, share: ByteShare) => Promise<Result>,
): Promise<Result> {
  let model: ServedModel;
  try {
    model = dataPlane.resolve(name, version);
  } catch (error) {
    metrics.unresolved(publicError(error).code);
    throw error;
  }
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const share = budget.open();
  try {
    const result = await answer(model, share);
    model.metrics.succeeded(seconds());
    return result;
  } catch (error) {
    model.metrics.failed(publicError(error).code, seconds());
    throw error;
  } finally {
    share.release();
  }
}
