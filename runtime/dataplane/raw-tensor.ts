import { isUtf8 } from "node:buffer";
import { invalid } from "../errors";
import { DATATYPES, type Datatype, type TensorData } from "./datatypes";
import { bytesOfData, dataFromBytes } from "./tensor";

/** Bytes of the length before each element of a BYTES tensor. */
const LENGTH_BYTES = 4;

/**
 * The data of a tensor that came as bytes: little-endian, row-major; BYTES as four bytes of length and the text for each
 * element. Nothing is allocated before the bytes were found to be as many as the shape needs.
 * @param count elements, the product of the shape
 * @throws 400 naming the tensor
 */
export function rawTensorData(
  name: string,
  datatype: Datatype,
  count: number,
  bytes: Uint8Array,
): TensorData {
  if (datatype === "BYTES") return rawTexts(name, count, bytes);
  const expected = count * DATATYPES[datatype].array.BYTES_PER_ELEMENT;
  if (bytes.length !== expected) {
    throw invalid(`Input \`${name}\` has ${bytes.length} raw bytes, but its shape needs ${expected}.`);
  }
  if (datatype === "BOOL") requireBooleans(name, bytes);
  return dataFromBytes(datatype, bytes);
}

function requireBooleans(name: string, bytes: Uint8Array): void {
  for (const byte of bytes) {
    if (byte > 1) {
      throw invalid(`Input \`${name}\` holds a byte that is neither 0 nor 1, which is not a BOOL value.`);
    }
  }
}

function rawTexts(name: string, count: number, bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const texts: string[] = [];
  let at = 0;
  while (at < buffer.length) {
    if (at + LENGTH_BYTES > buffer.length) {
      throw invalid(`Input \`${name}\` ends within the length of an element.`);
    }
    const end = at + LENGTH_BYTES + buffer.readUInt32LE(at);
    if (end > buffer.length) throw invalid(`Input \`${name}\` ends within an element.`);
    texts.push(rawText(name, buffer.subarray(at + LENGTH_BYTES, end)));
    at = end;
  }
  if (texts.length !== count) {
    throw invalid(`Input \`${name}\` has ${texts.length} elements, but its shape needs ${count}.`);
  }
  return texts;
}

/** One element of a BYTES tensor. onnxruntime's strings are text, so that other bytes cannot be carried. */
export function rawText(name: string, bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw invalid(`Input \`${name}\` holds bytes that are not UTF-8 text.`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** Bytes that a tensor's data takes on the wire. */
export function rawSize(data: TensorData): number {
  if (!Array.isArray(data)) return data.byteLength;
  let size = 0;
  for (const text of data) size += LENGTH_BYTES + Buffer.byteLength(text);
  return size;
}

/** Writes a tensor's data as `rawTensorData` reads it. @returns the position after it */
export function writeRaw(data: TensorData, target: Buffer, at: number): number {
  if (!Array.isArray(data)) {
    target.set(bytesOfData(data), at);
    return at + data.byteLength;
  }
  for (const text of data) {
    const written = target.write(text, at + LENGTH_BYTES, "utf8");
    target.writeUInt32LE(written, at);
    at += LENGTH_BYTES + written;
  }
  return at;
}
