/**
 * Finds the files beside a model in which it keeps weights. onnxruntime opens those by itself, so that a digest or a
 * signature of the model's file alone would say nothing about them. Field numbers are those of onnx.proto.
 */

/** What a message is read from: a Buffer, or a file too large for one. */
export interface Bytes {
  readonly length: number;
  at(offset: number): number | undefined;
  subarray(start: number, end: number): Bytes;
  toString(encoding: "utf8"): string;
}

/** What the fields of a message lead to: a message of that kind, by field number. */
interface MessageKind {
  readonly [field: number]: MessageKind;
}

const tensor: MessageKind = {};
const sparseTensor: MessageKind = { 1: tensor, 2: tensor };
const attribute: Record<number, MessageKind> = { 5: tensor, 10: tensor, 22: sparseTensor, 23: sparseTensor };
const node: MessageKind = { 5: attribute };
const graph: MessageKind = { 1: node, 5: tensor, 15: sparseTensor };
// Control flow: attributes hold graphs.
attribute[6] = graph;
attribute[11] = graph;
const trainingInfo: MessageKind = { 1: graph, 2: graph };
const functionProto: MessageKind = { 7: node };
const model: MessageKind = { 7: graph, 20: trainingInfo, 25: functionProto };

/** TensorProto.external_data: entries of key and value, the key `location` names the file. */
const EXTERNAL_DATA = 13;
/** TensorProto.data_location; 1 is EXTERNAL. */
const DATA_LOCATION = 14;

/** Depth of messages; protobuf's own parsers stop at 100 as well. */
const DEEPEST = 100;

/**
 * The names of the files in which the weights of an ONNX model lie besides the model's own, as the model names them.
 * @throws one sentence where the bytes are no ONNX model
 */
export function externalDataFiles(bytes: Uint8Array): string[] {
  return externalDataOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/** The same of a model wherever its bytes are. @throws one sentence where they are no ONNX model */
export function externalDataOf(bytes: Bytes): string[] {
  const files = new Set<string>();
  walk(bytes, model, files, 0);
  return [...files].sort();
}

function walk(bytes: Bytes, kind: MessageKind, files: Set<string>, depth: number): void {
  if (depth > DEEPEST) throw notAModel();
  let external = false;
  let location = "";
  for (const { field, value } of fields(bytes)) {
    if (kind === tensor) {
      // Protobuf cuts an enum to 32 bits, which a double would not show; no sane model has a third kind of place.
      if (field === DATA_LOCATION && typeof value === "number") external = value !== 0;
      if (field === EXTERNAL_DATA && typeof value === "object") location = locationOf(value) ?? location;
      continue;
    }
    const inner = kind[field];
    if (inner !== undefined && typeof value === "object") walk(value, inner, files, depth + 1);
  }
  // A tensor that names no file is malformed; the empty name is refused like any other that nothing covers.
  if (external) files.add(location);
}

/** The value of a StringStringEntryProto whose key is `location`. */
function locationOf(entry: Bytes): string | undefined {
  let key = "";
  let text = "";
  for (const { field, value } of fields(entry)) {
    if (field === 1 && typeof value === "object") key = value.toString("utf8");
    if (field === 2 && typeof value === "object") text = value.toString("utf8");
  }
  return key === "location" ? text : undefined;
}

interface Field<Source extends Bytes> {
  readonly field: number;
  /** The number of a varint, the bytes of a length-delimited field, nothing for fixed-width ones. */
  readonly value: number | Source | undefined;
}

/** The fields of a protobuf message. @throws where the bytes are none */
export function* fields<Source extends Bytes>(bytes: Source): Generator<Field<Source>> {
  const at = { offset: 0 };
  while (at.offset < bytes.length) {
    const tag = varint(bytes, at);
    const field = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        yield { field, value: varint(bytes, at) };
        break;
      case 1:
        at.offset += 8;
        yield { field, value: undefined };
        break;
      case 2: {
        const length = varint(bytes, at);
        const end = at.offset + length;
        if (end > bytes.length) throw notAModel();
        yield { field, value: bytes.subarray(at.offset, end) as Source };
        at.offset = end;
        break;
      }
      case 5:
        at.offset += 4;
        yield { field, value: undefined };
        break;
      default:
        throw notAModel();
    }
  }
  if (at.offset > bytes.length) throw notAModel();
}

function varint(bytes: Bytes, at: { offset: number }): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = bytes.at(at.offset++);
    if (byte === undefined) break;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
  throw notAModel();
}

function notAModel(): Error {
  return new Error("`model.onnx` is not an ONNX model.");
}
