import { DATATYPES } from "../dataplane/datatypes";
import { rawTensor } from "../dataplane/deferred-tensor";
import { rawText } from "../dataplane/raw-tensor";
import { elementCount, type Tensor, type TensorLimits } from "../dataplane/tensor";
import { invalid } from "../errors";
import type { Servable } from "../models/servable";
import type { BodyRequest } from "./infer-request";

/**
 * A request without JSON: the body is the bytes of the one tensor that the model takes, and the answer's outputs are
 * bytes too. As in Triton a body of BYTES is one element, without its length before it.
 * @throws 400
 */
export function rawRequest(body: Buffer, model: Servable, limits: TensorLimits): BodyRequest {
  return {
    id: undefined,
    parameters: undefined,
    inputs: [rawInput(body, model, limits)],
    outputs: undefined,
    binaryByOutput: undefined,
    binaryByDefault: true,
  };
}

function rawInput(body: Buffer, { name: model, spec, settings }: Servable, limits: TensorLimits): Tensor {
  const [input, ...others] = spec.inputs;
  if (input === undefined || others.length > 0) {
    throw invalid(
      `A body without JSON is the tensor of a model that takes one, but model \`${model}\` takes ${spec.inputs.length}; send them as JSON or after JSON.`,
    );
  }
  const { name, datatype } = input;
  const text = datatype === "BYTES";
  const bytesPerElement = text ? 1 : DATATYPES[datatype].array.BYTES_PER_ELEMENT;
  const elements = text ? 1 : body.length / bytesPerElement;
  const shape = completeShape(input.shape, elements, settings.maxBatchSize > 0 ? "first" : "none");
  if (shape === undefined) {
    throw invalid(
      `Input \`${name}\` has the shape [${input.shape.join(", ")}] in model \`${model}\`, to which ${body.length} raw bytes of ${datatype} cannot be fitted; say its shape in JSON.`,
    );
  }
  const count = elementCount(name, shape, limits.maxTensorElements);
  return text
    ? { name, datatype, shape, data: [rawText(name, body)] }
    : rawTensor(name, datatype, shape, count, body);
}

/** Which free dimensions are 1, so that the last one follows from the number of elements. */
export type Ones = "none" | "first" | "all-but-last";

/**
 * Fills in the free dimensions of a model's shape so that it has as many elements as there are; undefined where none or
 * more than one shape would do.
 */
export function completeShape(shape: readonly number[], elements: number, ones: Ones): number[] | undefined {
  const last = shape.lastIndexOf(-1);
  const complete = shape.map((size, i) => {
    const one = size === -1 && i < last && (ones === "all-but-last" || (ones === "first" && i === 0));
    return one ? 1 : size;
  });
  const fixed = complete.reduce((product, size) => (size === -1 ? product : product * size), 1);
  if (last >= 0) {
    if (complete.indexOf(-1) !== last) return undefined;
    complete[last] = elements / fixed;
  }
  const fits = complete.every((size) => Number.isSafeInteger(size) && size > 0);
  return fits && complete.reduce((product, size) => product * size, 1) === elements ? complete : undefined;
}
