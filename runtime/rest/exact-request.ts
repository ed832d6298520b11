import { isUtf8 } from "node:buffer";
import type { ByteShare } from "../dataplane/byte-budget";
import { DATATYPE_LIST, isDatatype, type Datatype, type TensorData } from "../dataplane/datatypes";
import { rawTensorData } from "../dataplane/raw-tensor";
import { shown } from "../dataplane/shown";
import { elementCount, type Tensor, type TensorLimits } from "../dataplane/tensor";
import { invalid } from "../errors";
import { ExactJson } from "./exact-json";
import { exactParameters } from "./exact-parameters";
import {
  BINARY_DATA,
  BINARY_DATA_OUTPUT,
  BINARY_DATA_SIZE,
  type BodyRequest,
  type RequestBody,
} from "./infer-request";
import { isJsonObject, parseJson, type JsonObject } from "./json-body";
import { isWhole, requireUnrounded, tensorData, withExactNumbers } from "./json-tensor";

/**
 * Parses any request, by way of its text. Exact: what it takes and what it refuses is the definition that the fast
 * scanner must agree with.
 * @param share is charged with what the parsed JSON takes of the heap
 * @throws 400 naming what is wrong; 413 or 503 where it takes too much memory
 */
export function parseExactRequest(body: RequestBody, limits: TensorLimits, share?: ByteShare): BodyRequest {
  const { bytes, jsonLength } = body;
  const json = jsonLength === bytes.length ? bytes : bytes.subarray(0, jsonLength);
  if (!isUtf8(json)) throw invalid("The request body must be UTF-8.");
  const value = parseJson(json, limits.maxJsonDepth, share);
  const exact = new ExactJson(json, share);
  return withExactNumbers(
    () => new ExactRequest(body, limits, exact, true).read(value),
    () => new ExactRequest(body, limits, exact, false).read(withExactData(value as InferBody, exact.value)),
  );
}

/** As far as it is known once a tensor was found to need exact numbers. */
interface InferBody {
  readonly inputs: readonly unknown[];
}

/** Only the tensors' values are read with marked numbers, where these matter. */
function withExactData(body: InferBody, exact: unknown): unknown {
  const inputs = body.inputs.map((input, i) =>
    isJsonObject(input) && "data" in input && !isFloat(input.datatype)
      ? { ...input, data: ((exact as InferBody).inputs[i] as JsonObject).data }
      : input,
  );
  return { ...body, inputs };
}

function isFloat(datatype: unknown): boolean {
  return isDatatype(datatype) && datatype !== "BYTES" && !isWhole(datatype);
}

class ExactRequest {
  /** The next byte of the tensors that follow the JSON. */
  private tail: number;

  constructor(
    private readonly body: RequestBody,
    private readonly limits: TensorLimits,
    private readonly exact: ExactJson,
    /** Whether tensors are read from what JSON.parse gave. */
    private readonly mayBeRounded: boolean,
  ) {
    this.tail = body.jsonLength;
  }

  read(value: unknown): BodyRequest {
    if (!isJsonObject(value)) throw invalid("The request body must be a JSON object with `inputs`.");
    const { id, parameters, inputs, outputs } = value;
    if (id !== undefined && typeof id !== "string") throw invalid("`id` must be a string.");
    if (parameters !== undefined && !isJsonObject(parameters)) {
      throw invalid("`parameters` must be an object.");
    }
    if (!Array.isArray(inputs) || inputs.length === 0)
      throw invalid("`inputs` must be an array of at least one tensor.");
    if (outputs !== undefined && !Array.isArray(outputs)) throw invalid("`outputs` must be an array.");
    const tensors = inputs.map((input, position) => this.input(input, position));
    const surplus = this.body.bytes.length - this.tail;
    if (surplus > 0) {
      throw invalid(`The body has ${surplus} bytes more than the \`${BINARY_DATA_SIZE}\` of its inputs.`);
    }
    return {
      id,
      parameters: parameters && echoed(this.parameters(parameters)),
      inputs: tensors,
      outputs: outputs?.map(outputName),
      binaryByOutput: outputs?.map(binaryFlag),
      binaryByDefault:
        parameters !== undefined &&
        flag(parameters, BINARY_DATA_OUTPUT, `\`parameters.${BINARY_DATA_OUTPUT}\``) === true,
    };
  }

  private parameters(parsed: JsonObject): JsonObject {
    return exactParameters(parsed, () => (this.exact.value as JsonObject).parameters as JsonObject);
  }

  private input(value: unknown, position: number): Tensor {
    if (!isJsonObject(value)) throw invalid(`\`inputs[${position}]\` must be an object.`);
    const { name, datatype, shape, data, parameters } = value;
    if (typeof name !== "string" || name === "")
      throw invalid(`\`inputs[${position}]\` must have a \`name\`.`);
    if (!isDatatype(datatype)) {
      throw invalid(
        `Input \`${name}\` has the datatype ${shown(datatype)}, must be one of ${DATATYPE_LIST}.`,
      );
    }
    if (!Array.isArray(shape))
      throw invalid(`Input \`${name}\` must have its \`shape\` as an array of whole numbers.`);
    const count = elementCount(name, shape, this.limits.maxTensorElements);
    if (parameters !== undefined && !isJsonObject(parameters)) {
      throw invalid(`Input \`${name}\` must have its \`parameters\` as an object.`);
    }
    if (parameters) refuseSharedMemory(`Input \`${name}\``, parameters);
    const size = parameters?.[BINARY_DATA_SIZE];
    const dimensions = shape as number[];
    if (size === undefined) {
      if (this.mayBeRounded) requireUnrounded(datatype, this.exact);
      return { name, datatype, shape: dimensions, data: tensorData(name, datatype, dimensions, count, data) };
    }
    if (data !== undefined) {
      throw invalid(`Input \`${name}\` has both \`data\` and \`${BINARY_DATA_SIZE}\`; use one of them.`);
    }
    return { name, datatype, shape: dimensions, data: this.raw(name, datatype, count, size) };
  }

  private raw(name: string, datatype: Datatype, count: number, size: unknown): TensorData {
    if (!Number.isSafeInteger(size) || (size as number) < 0) {
      throw invalid(
        `Input \`${name}\` has the \`${BINARY_DATA_SIZE}\` ${shown(size)}, which must be a number of bytes.`,
      );
    }
    const { bytes } = this.body;
    const from = this.tail;
    const left = bytes.length - from;
    if ((size as number) > left) {
      throw invalid(
        `Input \`${name}\` has the \`${BINARY_DATA_SIZE}\` ${size as number}, but only ${left} bytes of the body are left for it.`,
      );
    }
    this.tail = from + (size as number);
    return rawTensorData(name, datatype, count, bytes.subarray(from, this.tail));
  }
}

/** The parameters that the answer repeats: not those of the transport. Undefined where none are left. */
function echoed(parameters: JsonObject): JsonObject | undefined {
  if (!Object.hasOwn(parameters, BINARY_DATA_OUTPUT)) return parameters;
  const { [BINARY_DATA_OUTPUT]: _, ...rest } = parameters;
  return Object.keys(rest).length > 0 ? rest : undefined;
}

function outputName(value: unknown, position: number): string {
  if (!isJsonObject(value) || typeof value.name !== "string")
    throw invalid(`\`outputs[${position}]\` must have a \`name\`.`);
  return value.name;
}

function binaryFlag(value: JsonObject): boolean | undefined {
  const { name, parameters } = value;
  if (parameters === undefined) return undefined;
  const what = `Output \`${name as string}\``;
  if (!isJsonObject(parameters)) throw invalid(`${what} must have its \`parameters\` as an object.`);
  refuseSharedMemory(what, parameters);
  if (parameters.classification !== undefined && parameters.classification !== 0) {
    throw invalid(
      `${what} asks for \`classification\`, which the server does not do; take the whole output.`,
    );
  }
  return flag(parameters, BINARY_DATA, `\`${BINARY_DATA}\` of output \`${name as string}\``);
}

function flag(parameters: JsonObject, key: string, what: string): boolean | undefined {
  const value = parameters[key];
  if (value === undefined || typeof value === "boolean") return value;
  throw invalid(`${what} must be true or false, got ${shown(value)}.`);
}

function refuseSharedMemory(what: string, parameters: JsonObject): void {
  if (parameters.shared_memory_region !== undefined) {
    throw invalid(`${what} is in shared memory, which the server does not take; send it in the body.`);
  }
}
