import { DATATYPE_LIST } from "../dataplane/datatypes";
import { fields } from "./external-data";

/** ONNX's numbers of the element types that the protocol or the binding lacks, with their names in onnx.proto. */
const REFUSED_TYPES: Readonly<Record<number, string>> = {
  0: "undefined",
  14: "complex64",
  15: "complex128",
  16: "bfloat16",
  17: "float8e4m3fn",
  18: "float8e4m3fnuz",
  19: "float8e5m2",
  20: "float8e5m2fnuz",
  21: "uint4",
  22: "int4",
  23: "float4e2m1",
  24: "float8e8m0",
  25: "uint2",
  26: "int2",
};

/** Fields of TypeProto other than `tensor_type`, which is 1. */
const REFUSED_KINDS: Readonly<Record<number, string>> = {
  4: "a sequence",
  5: "a map",
  7: "an opaque value",
  8: "a sparse tensor",
  9: "an optional value",
};

/** Fields of GraphProto. */
const SIDES: Readonly<Record<number, "input" | "output">> = { 11: "input", 12: "output" };

/**
 * Why a model cannot be served because of what it takes or gives, as one sentence that names the tensor and its type;
 * undefined where its types are fine. onnxruntime-node says only the number of the type.
 */
export function refusedType(bytes: Uint8Array): string | undefined {
  try {
    return firstRefused(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch {
    // No ONNX in protobuf's format: onnxruntime decides what it is.
    return undefined;
  }
}

function firstRefused(model: Buffer): string | undefined {
  for (const { field, value: graph } of fields(model)) {
    if (field !== 7 || typeof graph !== "object") continue;
    for (const { field: part, value } of fields(graph)) {
      const side = SIDES[part];
      const why = side && typeof value === "object" ? refusalOf(side, value) : undefined;
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

/** @param info a ValueInfoProto */
function refusalOf(side: "input" | "output", info: Buffer): string | undefined {
  let name = "";
  let type: Buffer | undefined;
  for (const { field, value } of fields(info)) {
    if (field === 1 && typeof value === "object") name = value.toString("utf8");
    if (field === 2 && typeof value === "object") type = value;
  }
  for (const { field, value } of type ? fields(type) : []) {
    const kind = REFUSED_KINDS[field];
    if (kind !== undefined) {
      return `The ${side} \`${name}\` of \`model.onnx\` is ${kind}, but the server takes tensors only; export the model without it.`;
    }
    if (field !== 1 || typeof value !== "object") continue;
    for (const { field: part, value: element } of fields(value)) {
      const refused = part === 1 && typeof element === "number" ? REFUSED_TYPES[element] : undefined;
      if (refused !== undefined) {
        return `The ${side} \`${name}\` of \`model.onnx\` is of type ${refused}, but the server takes ${DATATYPE_LIST}; cast it inside the model.`;
      }
    }
  }
  return undefined;
}
