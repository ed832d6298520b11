import { DATATYPES, type Datatype } from "../../dataplane/datatypes";
import { rawTensor } from "../../dataplane/deferred-tensor";
import { rawTensorData } from "../../dataplane/raw-tensor";
import type { Tensor } from "../../dataplane/tensor";
import { UNUSUAL_REQUEST } from "./json-cursor";

/** An input whose values follow the JSON. */
export interface RawInput {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Elements, the product of the shape. */
  readonly count: number;
  /** Bytes. */
  readonly size: number;
}

/** The tensor whose values lie in the body at a place. @throws UNUSUAL_REQUEST where they are not there, or not such */
export function rawInput(
  { name, datatype, shape, count, size }: RawInput,
  body: Buffer,
  from: number,
): Tensor {
  const to = from + size;
  if (to > body.length) throw UNUSUAL_REQUEST;
  const bytes = body.subarray(from, to);
  if (datatype === "BYTES" || datatype === "BOOL") {
    try {
      return { name, datatype, shape, data: rawTensorData("", datatype, count, bytes) };
    } catch {
      throw UNUSUAL_REQUEST;
    }
  }
  if (size !== count * DATATYPES[datatype].array.BYTES_PER_ELEMENT) throw UNUSUAL_REQUEST;
  return rawTensor(name, datatype, shape, count, bytes);
}
