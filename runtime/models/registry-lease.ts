import { setImmediate as turn } from "node:timers/promises";
import type { Servable } from "./servable";

/**
 * A request finds its model first and hands itself in later, when its body is there. In between its model may be
 * replaced: whoever holds a model is answered by it all the same.
 */
export function hold(model: Servable): void {
  model.holders = (model.holders ?? 0) + 1;
}

export function release(model: Servable): void {
  model.holders = (model.holders ?? 1) - 1;
  if (model.holders === 0) model.released?.();
}

/** Whether anybody may still hand in a request, or waits for an answer. */
export function inUse(model: Servable): boolean {
  return model.busyCount > 0 || (model.holders ?? 0) > 0;
}

/** Ends a model that is not found any more; whoever has found it is answered first. */
export async function retireUnheld(model: Servable): Promise<void> {
  // Callers that have just found it take hold of it, or hand in their request, within this turn of the event loop.
  await turn();
  if (model.holders) await new Promise<void>((resolve) => (model.released = resolve));
  await model.retire();
}
