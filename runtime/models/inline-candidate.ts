import { isBounded } from "./bounded-operators";
import { DEFAULT_MAX_BATCH_SIZE } from "./model-config-types";
import { syntheticData, type DeclaredTensor, type ProbedModel, type RunTensors } from "./synthetic-rows";

/** How long onnxruntime takes, in milliseconds. */
export interface InlineTimes {
  /** One row. */
  readonly rowMs: number;
  /** Each further row of a run. */
  readonly moreMs: number;
}

/** Milliseconds that the main thread can spare for a row, as for a run beside workers: about what a request's parsing takes. */
export const LONGEST_INLINE_MS = 0.1;

/** Bytes of the largest model that is loaded a second time. */
const LARGEST_INLINE_MODEL = 4 * 1024 * 1024;

const WARM_UPS = 3;
const ROUNDS = 8;

/**
 * How long a model takes that may run on the main thread; undefined for other models. A hop to a worker and back costs as much
 * as a run of one row. Its time must not depend on who asks: sizes are fixed but for the first, and no operator makes more of a
 * row for its values' sake.
 */
export async function inlineTimes(bytes: Uint8Array, model: ProbedModel): Promise<InlineTimes | undefined> {
  if (bytes.length > LARGEST_INLINE_MODEL || model.inputs.length === 0) return undefined;
  if (!model.inputs.every(hasFixedRows) || !isBounded(bytes)) return undefined;
  // A model that does not take made-up values is left to the workers.
  const rowMs = await shortestMs(model, 1).catch(() => Infinity);
  if (rowMs > LONGEST_INLINE_MS) return undefined;
  // One that takes no batches is not given any; of what a request brings, each row counts like the first.
  const batchMs = await shortestMs(model, DEFAULT_MAX_BATCH_SIZE).catch(() => rowMs * DEFAULT_MAX_BATCH_SIZE);
  return { rowMs, moreMs: Math.max(0, batchMs - rowMs) / (DEFAULT_MAX_BATCH_SIZE - 1) };
}

/** Of several runs with so many rows. */
async function shortestMs(model: ProbedModel, rows: number): Promise<number> {
  const inputs = madeUp(model.inputs, rows);
  let shortest = Infinity;
  for (let i = 0; i < WARM_UPS + ROUNDS; i++) {
    const started = performance.now();
    await model.run(inputs);
    if (i >= WARM_UPS) shortest = Math.min(shortest, performance.now() - started);
  }
  return shortest;
}

function hasFixedRows({ shape }: DeclaredTensor): boolean {
  return shape.every((size, i) => i === 0 || (typeof size === "number" && size > 0));
}

/** @param rows of inputs whose first dimension is free, which is the only one that is */
function madeUp(inputs: readonly DeclaredTensor[], rows: number): RunTensors {
  const dims = inputs.map(({ shape }) =>
    shape.map((size) => (typeof size === "number" && size > 0 ? size : rows)),
  );
  const data = inputs.map(({ type }, i) => syntheticData(type, dims[i]!));
  return { dims, data };
}
