import { freeMemory, isShared, WORTH_FREEING } from "../free-memory";
import type { Servable } from "../models/servable";
import { DeferredTensor } from "./deferred-tensor";
import type { Tensor } from "./tensor";

/** Gives a body's memory back that was parsed, unless tensors still lie in it. @param body the only view of its memory */
export function freeParsed(body: Buffer, inputs: readonly Tensor[]): void {
  if (!inputs.some((input) => input instanceof DeferredTensor)) freeMemory(body);
}

/**
 * Gives the memory of an answered request's tensors back, and of the body that they lie in.
 * @param outputs stay as they are, also where the model has handed an input on: who watches answers reads them later
 * @param ownsBody whether nobody else has a part of the body's memory
 */
export function freeInputs(
  { settings }: Pick<Servable, "settings">,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  ownsBody: boolean,
): void {
  // A pipeline may answer while a step that nobody waits for any more still has them.
  if (settings.platform === "ensemble") return;
  for (const input of inputs) {
    const isDeferred = input instanceof DeferredTensor;
    const view = isDeferred ? input.bytes : input.data;
    if (Array.isArray(view) || view.byteLength < WORTH_FREEING) continue;
    if (isDeferred ? !ownsBody : isShared(view)) continue;
    if (!outputs.some(({ data }) => !Array.isArray(data) && data.buffer === view.buffer)) freeMemory(view);
  }
}
