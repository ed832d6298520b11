import { concatRows, splitRows } from "../batching/rows";
import { DATATYPES, type Datatype, type TensorData } from "../dataplane/datatypes";
import type { Tensor } from "../dataplane/tensor";
import type { ResultMessage, TensorColumns } from "./worker-protocol";

/** What a request brings to a batch and wants of it. */
export interface BatchMember {
  readonly inputs: readonly Tensor[];
  readonly fetch: readonly string[];
  readonly rows: number;
  resolve(outputs: Tensor[]): void;
}

const datatypeByOnnxType = new Map(
  (Object.keys(DATATYPES) as Datatype[]).map((name) => [DATATYPES[name].onnx as string, name]),
);

/** The inputs of a batch as the worker takes them. A lone request's arrays are handed over as they are. */
export function batchColumns(batch: readonly BatchMember[], rows: number): TensorColumns {
  const { inputs } = batch[0]!;
  const alone = batch.length === 1;
  return {
    names: inputs.map((input) => input.name),
    types: inputs.map((input) => DATATYPES[input.datatype].onnx),
    dims: inputs.map(({ shape }) => (alone ? shape : [rows, ...shape.slice(1)])),
    data: inputs.map(({ data }, i) =>
      alone ? data : concatRows(batch.map((member) => member.inputs[i]!.data)),
    ),
  };
}

/** Gives each member exactly its rows of the outputs that it asked for. */
export function distributeRows(batch: readonly BatchMember[], rows: number, result: ResultMessage): void {
  const tensor = (i: number, data: TensorData, shape: readonly number[]): Tensor => ({
    name: result.names[i]!,
    datatype: datatypeByOnnxType.get(result.types[i]!)!,
    shape,
    data,
  });
  if (batch.length === 1) {
    batch[0]!.resolve(result.data.map((data, i) => tensor(i, data, result.dims[i]!)));
    return;
  }
  const counts = batch.map((member) => member.rows);
  const parts = result.data.map((data, i) => {
    if (result.dims[i]![0] !== rows) {
      throw new Error(`output ${result.names[i]} has ${result.dims[i]![0]} rows for a batch of ${rows}`);
    }
    return splitRows(data, counts);
  });
  batch.forEach((member, k) => {
    const outputs = member.fetch.map((name) => {
      const i = result.names.indexOf(name);
      return tensor(i, parts[i]![k]!, [member.rows, ...result.dims[i]!.slice(1)]);
    });
    member.resolve(outputs);
  });
}
