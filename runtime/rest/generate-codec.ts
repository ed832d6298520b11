import type { ByteShare } from "../dataplane/byte-budget";
import type { Datatype } from "../dataplane/datatypes";
import { elementCount, type Tensor, type TensorLimits } from "../dataplane/tensor";
import { invalid } from "../errors";
import type { TensorSpec } from "../models/signature";
import type { Servable } from "../models/servable";
import { ExactJson } from "./exact-json";
import { exactParameters } from "./exact-parameters";
import type { BodyRequest } from "./infer-request";
import { isJsonObject, type JsonObject } from "./json-body";
import { requireUnrounded, tensorData, withExactNumbers } from "./json-tensor";
import { ByteWriter } from "./print/byte-writer";
import { printElements } from "./print/print-elements";
import { completeShape } from "./raw-request";

export type GenerateRequest = BodyRequest;

/**
 * Maps a body's fields to the model's inputs by name, as Triton's generate extension does. What is no input is a
 * parameter; both may be in the body itself or in its `parameters`.
 * @param value the parsed body
 * @param share is charged with what exact numbers take of the heap
 * @throws 400; 413 or 503 where they take too much memory
 */
export function generateRequest(
  value: unknown,
  body: Buffer,
  model: Servable,
  limits: TensorLimits,
  share?: ByteShare,
): GenerateRequest {
  if (!isJsonObject(value))
    throw invalid("The request body must be a JSON object of the model's inputs by name.");
  const exact = new ExactJson(body, share);
  return withExactNumbers(
    () => requestOf(value, exact, undefined, model, limits),
    () => requestOf(value, exact, exact.value as JsonObject, model, limits),
  );
}

/** @param marked the body with marked numbers, once a tensor was found to need it */
function requestOf(
  value: JsonObject,
  exact: ExactJson,
  marked: JsonObject | undefined,
  model: Servable,
  limits: TensorLimits,
): GenerateRequest {
  const { id, parameters: nested } = value;
  if (id !== undefined && typeof id !== "string") throw invalid("`id` must be a string.");
  if (nested !== undefined && !isJsonObject(nested)) throw invalid("`parameters` must be an object.");
  const inputs: Tensor[] = [];
  const names = new Set<string>();
  for (const spec of model.spec.inputs) {
    const source = spec.datatype.startsWith("FP") ? value : (marked ?? value);
    const holder = [source, source.parameters as JsonObject | undefined].find(
      (object) => object && Object.hasOwn(object, spec.name),
    );
    if (!holder) continue;
    names.add(spec.name);
    if (marked === undefined) requireUnrounded(spec.datatype, exact);
    inputs.push(inputOf(spec, holder[spec.name], limits));
  }
  const others = othersOf(value, names);
  return {
    id,
    parameters:
      Object.keys(others).length > 0
        ? exactParameters(others, () => othersOf(exact.value as JsonObject, names))
        : undefined,
    inputs,
    outputs: undefined,
    binaryByOutput: undefined,
    binaryByDefault: false,
  };
}

/** What of a body is no input. */
function othersOf({ id: _, parameters, ...fields }: JsonObject, inputs: ReadonlySet<string>): JsonObject {
  const all = Object.entries({ ...(parameters as JsonObject | undefined), ...fields });
  return Object.fromEntries(all.filter(([name]) => !inputs.has(name)));
}

/**
 * A number or text is a tensor of one element; an array is nested like the tensor, or has its elements flat. These fill
 * the model's last free dimension, as in Triton; the other free ones are 1.
 */
function inputOf(
  { name, datatype, shape: expected }: TensorSpec<Datatype>,
  value: unknown,
  limits: TensorLimits,
): Tensor {
  const data = Array.isArray(value) ? value : [value];
  const shape = Array.isArray(data[0])
    ? shapeOfNested(data)
    : completeShape(expected, data.length, "all-but-last");
  if (shape === undefined) {
    throw invalid(
      `Input \`${name}\` has the shape [${expected.join(", ")}], to which ${data.length} elements cannot be fitted.`,
    );
  }
  const count = elementCount(name, shape, limits.maxTensorElements);
  return { name, datatype, shape, data: tensorData(name, datatype, shape, count, data) };
}

function shapeOfNested(data: readonly unknown[]): number[] {
  const shape: number[] = [];
  for (let level: unknown = data; Array.isArray(level); level = level[0]) shape.push(level.length);
  return shape;
}

const writer = new ByteWriter();

/** The answer: outputs as fields, those of one element as that element, others as flat arrays. */
export function encodeGenerateResponse(
  { name, version }: Pick<Servable, "name" | "version">,
  { id }: GenerateRequest,
  outputs: readonly Tensor[],
): Buffer {
  try {
    writer.utf8(`{"model_name":${JSON.stringify(name)},"model_version":${JSON.stringify(version)}`);
    if (id !== undefined) writer.utf8(`,"id":${JSON.stringify(id)}`);
    for (const tensor of outputs) {
      const single = tensor.data.length === 1;
      writer.utf8(`,${JSON.stringify(tensor.name)}:${single ? "" : "["}`);
      printElements(tensor, writer);
      if (!single) writer.ascii("]");
    }
    writer.ascii("}");
    return writer.take();
  } finally {
    writer.clear();
  }
}
