import type { TensorData } from "../dataplane/datatypes";
import type { Tensor } from "../dataplane/tensor";

/**
 * The data of a tensor for a step, whose model may transfer it to its worker and so take it away from everybody else:
 * the original goes to its last user, those before it get a copy. Views need none: their buffer holds rows of other
 * requests, so that no model transfers it. Neither do texts, which cannot be transferred.
 */
export function dataForStep({ data }: Tensor, lastUse: boolean): TensorData {
  if (lastUse || Array.isArray(data) || data.byteLength < data.buffer.byteLength) return data;
  return data.slice();
}
