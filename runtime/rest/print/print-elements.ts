import { float16Value } from "../../dataplane/float16";
import type { Tensor } from "../../dataplane/tensor";
import type { ByteWriter } from "./byte-writer";
import { MOST_FLOAT_BYTES, printFloat32, printWhole } from "./print-float32";

const COMMA = 0x2c;
const MINUS = 0x2d;

/** Bytes of the longest 32-bit integer and its comma. */
const MOST_INTEGER_BYTES = 12;

/** Elements for which room is made at a time: of a large tensor the text may be far shorter than its bound. */
const STRIDE = 4096;

/** Writes a tensor's elements as JSON, with commas between. Integers keep every digit; what JSON lacks becomes null. */
export function printElements({ datatype, data }: Tensor, writer: ByteWriter): void {
  switch (datatype) {
    case "FP32":
      return printFloats(data as Float32Array, writer);
    case "BYTES":
      return writer.utf8((data as string[]).map((item) => JSON.stringify(item)).join(","));
    case "BOOL":
      return writer.ascii(Array.from(data as Uint8Array, (bit) => (bit ? "true" : "false")).join(","));
    case "FP16":
      return writer.ascii(finite(Array.from(data as Uint16Array, float16Value).join(",")));
    case "FP64":
      return writer.ascii(finite((data as Float64Array).join(",")));
    case "INT64":
    case "UINT64":
      return writer.ascii((data as BigInt64Array).join(","));
    default:
      return printIntegers(data as Int32Array, writer);
  }
}

function printFloats(data: Float32Array, writer: ByteWriter): void {
  for (let from = 0; from < data.length; from += STRIDE) {
    const to = Math.min(from + STRIDE, data.length);
    writer.reserve((to - from) * (MOST_FLOAT_BYTES + 1));
    const { bytes } = writer;
    let { at } = writer;
    for (let i = from; i < to; i++) {
      if (i > 0) bytes[at++] = COMMA;
      at = printFloat32(data[i]!, bytes, at);
    }
    writer.at = at;
  }
}

function printIntegers(data: Int32Array, writer: ByteWriter): void {
  for (let from = 0; from < data.length; from += STRIDE) {
    const to = Math.min(from + STRIDE, data.length);
    writer.reserve((to - from) * MOST_INTEGER_BYTES);
    const { bytes } = writer;
    let { at } = writer;
    for (let i = from; i < to; i++) {
      if (i > 0) bytes[at++] = COMMA;
      const value = data[i]!;
      const size = Math.abs(value);
      if (size < 2 ** 31) {
        if (value < 0) bytes[at++] = MINUS;
        at = printWhole(size, bytes, at);
      } else at += bytes.write(String(value), at, "latin1");
    }
    writer.at = at;
  }
}

function finite(joined: string): string {
  // One search of native code in the common case; every non-finite number has an N or an I in its name.
  if (!joined.includes("N") && !joined.includes("I")) return joined;
  return joined.replace(/NaN|-?Infinity/g, "null");
}
