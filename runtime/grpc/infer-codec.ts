import { isUtf8 } from "node:buffer";
import { DATATYPE_LIST, DATATYPES, isDatatype, type Datatype, type TensorData } from "../dataplane/datatypes";
import { bytesOfData, dataFromBytes, elementCount, type Tensor } from "../dataplane/tensor";
import { invalid } from "../errors";
import type { InputTensor, Int64, ModelInferRequest, TensorContents } from "./messages";

type ContentsField = keyof TensorContents;

/** The typed field of each datatype. FP16 has none. */
const FIELD: Record<Exclude<Datatype, "FP16">, ContentsField> = {
  BOOL: "bool_contents",
  INT8: "int_contents",
  INT16: "int_contents",
  INT32: "int_contents",
  INT64: "int64_contents",
  UINT8: "uint_contents",
  UINT16: "uint_contents",
  UINT32: "uint_contents",
  UINT64: "uint64_contents",
  FP32: "fp32_contents",
  FP64: "fp64_contents",
  BYTES: "bytes_contents",
};
const FIELDS = [...new Set(Object.values(FIELD))];

/** The tensors of a request. @throws 400 naming the tensor */
export function tensorsOf(request: ModelInferRequest): Tensor[] {
  const raw = request.raw_input_contents;
  if (raw.length > 0 && raw.length !== request.inputs.length) {
    throw invalid(
      `\`raw_input_contents\` has ${raw.length} entries for ${request.inputs.length} inputs; raw and typed contents cannot be mixed.`,
    );
  }
  return request.inputs.map((input, i) => {
    const { name, datatype } = input;
    if (!isDatatype(datatype)) {
      throw invalid(`Input \`${name}\` has the datatype "${datatype}", must be one of ${DATATYPE_LIST}.`);
    }
    const shape = input.shape.map(Number);
    const count = elementCount(name, shape);
    const data =
      raw.length > 0 ? rawData(input, datatype, count, raw[i]!) : typedData(input, datatype, count);
    return { name, datatype, shape, data };
  });
}

function rawData(input: InputTensor, datatype: Datatype, count: number, bytes: Uint8Array): TensorData {
  const { name, contents } = input;
  if (contents && FIELDS.some((field) => contents[field].length > 0)) {
    throw invalid(`Input \`${name}\` has typed \`contents\` beside \`raw_input_contents\`; use one of them.`);
  }
  if (datatype === "BYTES") return rawTexts(name, count, bytes);
  const expected = count * DATATYPES[datatype].array.BYTES_PER_ELEMENT;
  if (bytes.length !== expected) {
    throw invalid(`Input \`${name}\` has ${bytes.length} raw bytes, but its shape needs ${expected}.`);
  }
  if (datatype === "BOOL" && bytes.some((byte) => byte > 1)) {
    throw invalid(`Input \`${name}\` holds a byte that is neither 0 nor 1, which is not a BOOL value.`);
  }
  return dataFromBytes(datatype, bytes);
}

/** Each element is its length in four bytes, little-endian, and its text. */
function rawTexts(name: string, count: number, bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (at < buffer.length) {
    if (at + 4 > buffer.length) throw invalid(`Input \`${name}\` ends within the length of an element.`);
    const end = at + 4 + buffer.readUInt32LE(at);
    if (end > buffer.length) throw invalid(`Input \`${name}\` ends within an element.`);
    texts.push(text(name, buffer.subarray(at + 4, end)));
    at = end;
  }
  if (texts.length !== count) {
    throw invalid(`Input \`${name}\` has ${texts.length} elements, but its shape needs ${count}.`);
  }
  return texts;
}

function text(name: string, bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw invalid(`Input \`${name}\` holds bytes that are not UTF-8 text.`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

function typedData(input: InputTensor, datatype: Datatype, count: number): TensorData {
  const { name, contents } = input;
  if (datatype === "FP16")
    throw invalid(`Input \`${name}\` is FP16, which travels in \`raw_input_contents\` only.`);
  const field = FIELD[datatype];
  const stray = contents && FIELDS.find((other) => other !== field && contents[other].length > 0);
  if (stray)
    throw invalid(`Input \`${name}\` is ${datatype} and must be in \`${field}\`, not in \`${stray}\`.`);
  const values = contents?.[field] ?? [];
  if (values.length !== count) {
    throw invalid(
      `Input \`${name}\` has ${values.length} elements in \`${field}\`, but its shape needs ${count}.`,
    );
  }
  switch (datatype) {
    case "BYTES":
      return (values as Uint8Array[]).map((bytes) => text(name, bytes));
    case "INT64":
      return BigInt64Array.from(values as Int64[], bigInt);
    case "UINT64":
      return BigUint64Array.from(values as Int64[], bigInt);
    case "BOOL":
      return Uint8Array.from(values as boolean[], Number);
    default:
      return numbers(name, datatype, values as number[]);
  }
}

function numbers(
  name: string,
  datatype: Exclude<Datatype, "BYTES" | "INT64" | "UINT64" | "FP16">,
  values: number[],
): TensorData {
  const info: { array: { from(values: number[]): TensorData }; range?: readonly [number, number] } =
    DATATYPES[datatype] as never;
  if (info.range) {
    const [least, most] = info.range;
    const beyond = values.find((value) => value < least || value > most);
    if (beyond !== undefined)
      throw invalid(`Input \`${name}\` holds ${beyond}, which is not a ${datatype} value.`);
  }
  return info.array.from(values);
}

function bigInt(value: Int64): bigint {
  if (typeof value === "number") return BigInt(value);
  const high = value.unsigned ? value.high >>> 0 : value.high;
  return (BigInt(high) << 32n) | BigInt(value.low >>> 0);
}

/** What tensor data holds in memory; of texts, their characters. */
export function byteLength(data: TensorData): number {
  return Array.isArray(data) ? data.reduce((sum, item) => sum + item.length, 0) : data.byteLength;
}

/** The raw bytes of an output. Numbers are a view of the tensor, not a copy. */
export function rawOutput({ data }: Tensor): Uint8Array {
  if (!Array.isArray(data)) return bytesOfData(data);
  const parts: Buffer[] = [];
  for (const item of data) {
    const bytes = Buffer.from(item, "utf8");
    const length = Buffer.allocUnsafe(4);
    length.writeUInt32LE(bytes.length);
    parts.push(length, bytes);
  }
  return Buffer.concat(parts);
}
