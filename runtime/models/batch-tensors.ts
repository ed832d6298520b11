import { concatRows, splitRows } from "../batching/rows";
import { DATATYPES, type Datatype, type TensorData } from "../dataplane/datatypes";
import { bytesOfTensor, DeferredTensor } from "../dataplane/deferred-tensor";
import type { ModelSpec } from "../dataplane/model-spec";
import type { Tensor } from "../dataplane/tensor";
import { SPARE_BYTES, type SpareBuffers } from "./spare-buffers";
import type { RunTensors } from "./synthetic-rows";
import type { ResultMessage } from "./worker-protocol";

/** What a request brings to a batch and wants of it. */
export interface BatchMember {
  readonly inputs: readonly Tensor[];
  /** Places of the outputs it asked for; undefined for all. */
  readonly fetch: readonly number[] | undefined;
  readonly rows: number;
}

/**
 * The inputs of a batch as the worker takes them. A lone request's arrays are handed over as they are.
 * @param spare memory for what is large
 */
export function batchColumns(batch: readonly BatchMember[], rows: number, spare: SpareBuffers): RunTensors {
  const { inputs } = batch[0]!;
  if (batch.length === 1) {
    return {
      dims: inputs.map(({ shape }) => shape),
      data: inputs.map((tensor) =>
        tensor instanceof DeferredTensor ? joined([tensor], spare) : ownData(tensor.data),
      ),
    };
  }
  return {
    dims: inputs.map(({ shape }) => [rows, ...shape.slice(1)]),
    data: inputs.map((tensor, i) => {
      const column = batch.map((member) => member.inputs[i]!);
      if (tensor.datatype !== "BYTES" && bytesOfTensor(tensor).length * batch.length >= SPARE_BYTES)
        return joined(column, spare);
      return concatRows(column.map(({ data }) => data));
    }),
  };
}

/** The rows of large tensors of numbers, one after the other in an array of their own. */
function joined(tensors: readonly Tensor[], spare: SpareBuffers): TensorData {
  let size = 0;
  for (const tensor of tensors) size += bytesOfTensor(tensor).length;
  const bytes = new Uint8Array(spare.take(size));
  let at = 0;
  for (const tensor of tensors) {
    const part = bytesOfTensor(tensor);
    bytes.set(part, at);
    at += part.length;
  }
  return new DATATYPES[tensors[0]!.datatype as Exclude<Datatype, "BYTES">].array(bytes.buffer);
}

/** Data whose buffer is nobody else's: a view, such as another model's rows of a batch, is copied. */
function ownData(data: TensorData): TensorData {
  if (Array.isArray(data) || data.byteLength === data.buffer.byteLength) return data;
  return data.slice();
}

/** The outputs that a batch must compute, ascending; undefined for all. */
export function fetchOf(batch: readonly BatchMember[]): readonly number[] | undefined {
  if (batch.length === 1) return batch[0]!.fetch;
  const union = new Set<number>();
  for (const { fetch } of batch) {
    if (!fetch) return undefined;
    for (const output of fetch) union.add(output);
  }
  return [...union].sort((a, b) => a - b);
}

/**
 * Gives each member exactly its rows of the outputs that it asked for, in the order in which it did.
 * @param fetch the outputs that were computed
 * @throws where an output does not have the batch's rows; nobody has got anything then
 */
export function distributeRows(
  spec: ModelSpec,
  batch: readonly BatchMember[],
  rows: number,
  fetch: readonly number[] | undefined,
  [, , dims, data]: ResultMessage,
): Tensor[][] {
  const tensor = (output: number, shape: readonly number[], part: TensorData): Tensor => {
    const { name, datatype } = spec.outputs[output]!;
    return { name, datatype, shape, data: part };
  };
  if (batch.length === 1) {
    return [data.map((part, i) => tensor(fetch ? fetch[i]! : i, dims[i]!, part))];
  }
  const counts = batch.map((member) => member.rows);
  const parts = data.map((whole, i) => {
    if (dims[i]![0] === rows) return splitRows(whole, counts);
    const { name } = spec.outputs[fetch ? fetch[i]! : i]!;
    throw new Error(`output ${name} has ${dims[i]![0]} rows for a batch of ${rows}`);
  });
  const all = fetch ?? data.map((_, i) => i);
  return batch.map((member, k) =>
    (member.fetch ?? all).map((output) => {
      const i = fetch ? fetch.indexOf(output) : output;
      return tensor(output, [member.rows, ...dims[i]!.slice(1)], parts[i]![k]!);
    }),
  );
}
