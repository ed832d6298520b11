import { invalid } from "../errors";
import { DATATYPES, type Datatype, type TensorData } from "./datatypes";
import { shown } from "./shown";

/** Dimensions of a shape; no operator of ONNX takes nearly as many. */
export const HIGHEST_RANK = 32;

/** A named tensor, row-major. Typed arrays own their whole buffer, so that it can be transferred to a worker. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** What requests may ask for, as far as it is known before their data. */
export interface TensorLimits {
  /** Elements of one tensor. */
  readonly maxTensorElements: number;
  /** Levels of arrays and objects in a JSON body. */
  readonly maxJsonDepth: number;
}

/**
 * The number of elements of a shape. A zero dimension is refused: onnxruntime's recurrent operators abort the whole
 * process on one. Nothing is allocated here: callers compare the count with the data that really came.
 * @param most elements, `--max-tensor-elements`
 */
export function elementCount(
  name: string,
  shape: readonly unknown[],
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (shape.length > HIGHEST_RANK) {
    throw invalid(
      `Input \`${name}\` has ${shape.length} dimensions in \`shape\`, but at most ${HIGHEST_RANK} are taken.`,
    );
  }
  let count = 1;
  for (const dimension of shape) {
    if (!Number.isSafeInteger(dimension) || (dimension as number) < 1) {
      throw invalid(
        `Input \`${name}\` has the shape [${shape.map(shown).join(", ")}], but every dimension must be a whole number >= 1.`,
      );
    }
    count *= dimension as number;
  }
  if (!Number.isSafeInteger(count)) {
    throw invalid(`Input \`${name}\` has the shape [${shape.join(", ")}], which is too large.`);
  }
  if (count > most) {
    throw invalid(
      `Input \`${name}\` has the shape [${shape.join(", ")}], which is ${count} elements; \`--max-tensor-elements\` allows ${most}.`,
    );
  }
  return count;
}

/** Wraps bytes as tensor data. Copies, because elements must be aligned and the buffer must be the tensor's own. */
export function dataFromBytes(datatype: Exclude<Datatype, "BYTES">, bytes: Uint8Array): TensorData {
  const own = new Uint8Array(bytes.byteLength);
  own.set(bytes);
  return new DATATYPES[datatype].array(own.buffer);
}

/** The bytes of tensor data, little-endian as every platform of onnxruntime-node is; a view, not a copy. */
export function bytesOfData(data: Exclude<TensorData, string[]>): Buffer {
  return Buffer.from(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
}
