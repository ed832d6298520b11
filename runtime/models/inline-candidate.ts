import { isBounded } from "./bounded-operators";
import { syntheticData, type DeclaredTensor, type ProbedModel, type RunTensors } from "./synthetic-rows";

/** Milliseconds of one run that the main thread can spare: about what a request's parsing takes. */
export const LONGEST_INLINE_MS = 0.1;

/** Bytes of the largest model that is loaded a second time. */
const LARGEST_INLINE_MODEL = 4 * 1024 * 1024;

const WARM_UPS = 3;
const ROUNDS = 8;

/**
 * How long one row takes in a model that may run on the main thread when a request is alone; undefined for other models. A hop to
 * a worker and back costs as much as such a run. Its time must not depend on who asks: sizes are fixed but for the first, and
 * no operator makes more of a row for its values' sake.
 */
export async function inlineRowMs(bytes: Uint8Array, model: ProbedModel): Promise<number | undefined> {
  if (bytes.length > LARGEST_INLINE_MODEL || model.inputs.length === 0) return undefined;
  if (!model.inputs.every(hasFixedRows) || !isBounded(bytes)) return undefined;
  const row = rowOf(model.inputs);
  try {
    let shortest = Infinity;
    for (let i = 0; i < WARM_UPS + ROUNDS; i++) {
      const started = performance.now();
      await model.run(row);
      if (i >= WARM_UPS) shortest = Math.min(shortest, performance.now() - started);
    }
    return shortest <= LONGEST_INLINE_MS ? shortest : undefined;
  } catch {
    // A model that does not take made-up values is left to the workers.
    return undefined;
  }
}

function hasFixedRows({ shape }: DeclaredTensor): boolean {
  return shape.every((size, i) => i === 0 || (typeof size === "number" && size > 0));
}

function rowOf(inputs: readonly DeclaredTensor[]): RunTensors {
  const dims = inputs.map(({ shape }) =>
    shape.map((size) => (typeof size === "number" && size > 0 ? size : 1)),
  );
  const data = inputs.map(({ type }, i) => syntheticData(type, dims[i]!));
  return { dims, data };
}
