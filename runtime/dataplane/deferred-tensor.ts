import { DATATYPES, type Datatype, type TensorData } from "./datatypes";
import { rawTensorData } from "./raw-tensor";
import { bytesOfData, dataFromBytes, type Tensor } from "./tensor";

/** Bytes from which a tensor's data stays where it came until somebody takes it: below, one more object costs more than a copy. */
export const DEFERRED_BYTES = 16 * 1024;

/**
 * A large tensor whose bytes lie in its request's body, at any address. They are copied once, into the batch that takes them;
 * whoever looks at the values before that pays for an array of its own.
 */
export class DeferredTensor implements Tensor {
  private decoded: TensorData | undefined;

  constructor(
    readonly name: string,
    readonly datatype: Exclude<Datatype, "BYTES">,
    readonly shape: readonly number[],
    private readonly source: Uint8Array,
  ) {}

  get data(): TensorData {
    return (this.decoded ??= dataFromBytes(this.datatype, this.source));
  }

  /** Its values as bytes, wherever they lie. */
  get bytes(): Uint8Array {
    return this.source;
  }
}

/**
 * The tensor that bytes make, see `rawTensorData`.
 * @param count elements, the product of the shape
 * @throws 400 naming the tensor
 */
export function rawTensor(
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  count: number,
  bytes: Uint8Array,
): Tensor {
  // Booleans are looked at anyway, texts are taken apart.
  if (bytes.length >= DEFERRED_BYTES && datatype !== "BYTES" && datatype !== "BOOL") {
    if (bytes.length === count * DATATYPES[datatype].array.BYTES_PER_ELEMENT)
      return new DeferredTensor(name, datatype, shape, bytes);
  }
  return { name, datatype, shape, data: rawTensorData(name, datatype, count, bytes) };
}

/** What a tensor's data holds in memory, or will when it is taken; of texts, their characters. */
export function sizeOfTensor(tensor: Tensor): number {
  if (tensor instanceof DeferredTensor) return tensor.bytes.length;
  const { data } = tensor;
  return Array.isArray(data) ? data.reduce((sum, text) => sum + text.length, 0) : data.byteLength;
}

/** The values of a tensor of numbers as bytes; a view. */
export function bytesOfTensor(tensor: Tensor): Uint8Array {
  if (tensor instanceof DeferredTensor) return tensor.bytes;
  return bytesOfData(tensor.data as Exclude<TensorData, string[]>);
}
