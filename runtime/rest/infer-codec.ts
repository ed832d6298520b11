import { isUtf8 } from "node:buffer";
import { DATATYPE_LIST, isDatatype } from "../dataplane/datatypes";
import { float16Value } from "../dataplane/float16";
import { shown } from "../dataplane/shown";
import { elementCount, type Tensor } from "../dataplane/tensor";
import { invalid } from "../errors";
import { parseExactIntegers } from "./exact-json";
import { NeedsExactIntegers, tensorData } from "./json-tensor";

/** An inference request as its JSON body says it. */
export interface JsonInferRequest {
  readonly id: string | undefined;
  readonly parameters: Record<string, unknown> | undefined;
  readonly inputs: Tensor[];
  readonly outputs: string[] | undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parses a body. @throws 400 naming what is wrong */
export function parseInferRequest(body: Buffer): JsonInferRequest {
  if (!isUtf8(body)) throw invalid("The request body must be UTF-8.");
  const text = body.toString("utf8");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("The request body is not valid JSON.");
  }
  try {
    return inferRequest(value);
  } catch (error) {
    if (!(error instanceof NeedsExactIntegers)) throw error;
  }
  try {
    return inferRequest(withExactData(value as InferBody, parseExactIntegers(text) as InferBody));
  } catch (error) {
    if (!(error instanceof NeedsExactIntegers)) throw error;
    throw invalid(
      "An INT64 or UINT64 value beyond 2^53 must be written as plain digits, without fraction or exponent.",
    );
  }
}

/** As far as it is known once a tensor was found to need exact integers. */
interface InferBody {
  readonly inputs: readonly ({ readonly data?: unknown } | null)[];
}

/** Only the tensors' values are read with marked integers: what is echoed must stay as it came. */
function withExactData(body: InferBody, exact: InferBody): unknown {
  return { ...body, inputs: body.inputs.map((input, i) => ({ ...input, data: exact.inputs[i]?.data })) };
}

/** Levels; parameters are echoed, and a much deeper value could be parsed but not written. */
const DEEPEST_PARAMETERS = 32;

function isNestedAtMost(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isNestedAtMost(item, levels - 1));
}

function inferRequest(value: unknown): JsonInferRequest {
  if (!isObject(value)) throw invalid("The request body must be a JSON object with `inputs`.");
  const { id, parameters, inputs, outputs } = value;
  if (id !== undefined && typeof id !== "string") throw invalid("`id` must be a string.");
  if (parameters !== undefined && !isObject(parameters)) throw invalid("`parameters` must be an object.");
  if (!isNestedAtMost(parameters, DEEPEST_PARAMETERS)) {
    throw invalid(`\`parameters\` must be nested at most ${DEEPEST_PARAMETERS} levels deep.`);
  }
  if (!Array.isArray(inputs) || inputs.length === 0)
    throw invalid("`inputs` must be an array of at least one tensor.");
  if (outputs !== undefined && !Array.isArray(outputs)) throw invalid("`outputs` must be an array.");
  return { id, parameters, inputs: inputs.map(inputTensor), outputs: outputs?.map(outputName) };
}

function inputTensor(value: unknown, position: number): Tensor {
  if (!isObject(value)) throw invalid(`\`inputs[${position}]\` must be an object.`);
  const { name, datatype, shape, data } = value;
  if (typeof name !== "string" || name === "") throw invalid(`\`inputs[${position}]\` must have a \`name\`.`);
  if (!isDatatype(datatype)) {
    throw invalid(`Input \`${name}\` has the datatype ${shown(datatype)}, must be one of ${DATATYPE_LIST}.`);
  }
  if (!Array.isArray(shape))
    throw invalid(`Input \`${name}\` must have its \`shape\` as an array of whole numbers.`);
  const count = elementCount(name, shape);
  return {
    name,
    datatype,
    shape: shape as number[],
    data: tensorData(name, datatype, shape as number[], count, data),
  };
}

function outputName(value: unknown, position: number): string {
  if (!isObject(value) || typeof value.name !== "string")
    throw invalid(`\`outputs[${position}]\` must have a \`name\`.`);
  return value.name;
}

export interface JsonInferResponse {
  readonly model: string;
  readonly version: string;
  readonly id: string | undefined;
  readonly parameters: Record<string, unknown> | undefined;
  readonly outputs: readonly Tensor[];
}

/** The response body. Integers keep every digit; NaN and infinities, which JSON lacks, become null. */
export function formatInferResponse(response: JsonInferResponse): string {
  const { id, parameters } = response;
  let text = `{"model_name":${JSON.stringify(response.model)},"model_version":${JSON.stringify(response.version)}`;
  if (id !== undefined) text += `,"id":${JSON.stringify(id)}`;
  if (parameters !== undefined) text += `,"parameters":${JSON.stringify(parameters)}`;
  text += ',"outputs":[';
  response.outputs.forEach((tensor, i) => {
    if (i > 0) text += ",";
    text += `{"name":${JSON.stringify(tensor.name)},"datatype":"${tensor.datatype}","shape":[${tensor.shape.join(",")}],"data":[${elements(tensor)}]}`;
  });
  return `${text}]}`;
}

function elements({ datatype, data }: Tensor): string {
  switch (datatype) {
    case "BYTES":
      return (data as string[]).map((item) => JSON.stringify(item)).join(",");
    case "BOOL":
      return Array.from(data as Uint8Array, (bit) => (bit ? "true" : "false")).join(",");
    case "FP16":
      return finite(Array.from(data as Uint16Array, float16Value).join(","));
    case "FP32":
    case "FP64":
      return finite((data as Float32Array).join(","));
    default:
      return (data as Int32Array).join(",");
  }
}

function finite(joined: string): string {
  // One search of native code in the common case; every non-finite number has an N or an I in its name.
  if (!joined.includes("N") && !joined.includes("I")) return joined;
  return joined.replace(/NaN|-?Infinity/g, "null");
}
