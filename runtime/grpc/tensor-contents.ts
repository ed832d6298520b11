import { DATATYPES, type Datatype, type TensorData } from "../dataplane/datatypes";
import { rawText } from "../dataplane/raw-tensor";
import { invalid } from "../errors";
import { Malformed } from "./wire/malformed";
import { FIXED32, FIXED64, LENGTH, VARINT, WireReader } from "./wire/wire-reader";

/** The fields of inference.InferTensorContents by their numbers. */
const FIELDS = [
  "",
  "bool_contents",
  "int_contents",
  "int64_contents",
  "uint_contents",
  "uint64_contents",
  "fp32_contents",
  "fp64_contents",
  "bytes_contents",
] as const;

/** The field of each datatype. FP16 has none. */
const FIELD_OF: Record<Exclude<Datatype, "FP16">, number> = {
  BOOL: 1,
  INT8: 2,
  INT16: 2,
  INT32: 2,
  INT64: 3,
  UINT8: 4,
  UINT16: 4,
  UINT32: 4,
  UINT64: 5,
  FP32: 6,
  FP64: 7,
  BYTES: 8,
};

/** How one element of each field is encoded. */
const ELEMENT = [0, VARINT, VARINT, VARINT, VARINT, VARINT, FIXED32, FIXED64, LENGTH] as const;

/** Whether any of the fields holds something. @throws Malformed */
export function hasContents(parts: readonly Buffer[]): boolean {
  for (const part of parts) {
    const reader = new WireReader(part);
    while (reader.more) {
      const next = reader.tag();
      if (holdsElements(reader, next)) return true;
      reader.skip(next);
    }
  }
  return false;
}

/** Whether the field that begins here is one of contents and not an empty packed one. */
function holdsElements(reader: WireReader, tag: number): boolean {
  const field = tag >>> 3;
  if (field < 1 || field > 8) return false;
  const wireType = tag & 7;
  if (wireType === ELEMENT[field]) return true;
  return wireType === LENGTH && reader.bytes[reader.at] !== 0;
}

/**
 * The elements of a tensor that are typed rather than raw, read straight into an array of their datatype.
 * @param count elements that the shape needs
 * @throws 400 naming the tensor, Malformed
 */
export function typedContents(
  name: string,
  datatype: Datatype,
  count: number,
  parts: readonly Buffer[],
): TensorData {
  if (datatype === "FP16")
    throw invalid(`Input \`${name}\` is FP16, which travels in \`raw_input_contents\` only.`);
  const field = FIELD_OF[datatype];
  const present = countElements(name, datatype, field, parts);
  if (present !== count) {
    throw invalid(
      `Input \`${name}\` has ${present} elements in \`${FIELDS[field]}\`, but its shape needs ${count}.`,
    );
  }
  const target = elements(name, datatype, count);
  for (const part of parts) {
    const reader = new WireReader(part);
    while (reader.more) {
      const next = reader.tag();
      if (next >>> 3 !== field) reader.skip(next);
      else if ((next & 7) === ELEMENT[field]) target.read(reader);
      else {
        const outer = reader.enter();
        if (target.readAll) target.readAll(reader);
        else while (reader.more) target.read(reader);
        reader.leave(outer);
      }
    }
  }
  return target.data;
}

/** Counts before anything is allocated: what a shape declares need not be there. */
function countElements(name: string, datatype: Datatype, field: number, parts: readonly Buffer[]): number {
  let count = 0;
  for (const part of parts) {
    const reader = new WireReader(part);
    while (reader.more) {
      const next = reader.tag();
      if (next >>> 3 !== field) {
        if (holdsElements(reader, next)) {
          throw invalid(
            `Input \`${name}\` is ${datatype} and must be in \`${FIELDS[field]}\`, not in \`${FIELDS[next >>> 3]}\`.`,
          );
        }
        reader.skip(next);
      } else if ((next & 7) === ELEMENT[field]) {
        reader.skip(next);
        count++;
      } else if ((next & 7) === LENGTH) count += countPacked(reader, ELEMENT[field]!);
      else throw new Malformed(`\`${FIELDS[field]}\` has the wrong wire type`);
    }
  }
  return count;
}

function countPacked(reader: WireReader, element: number): number {
  const length = reader.length();
  const end = reader.at + length;
  let count = 0;
  if (element === VARINT) {
    const { bytes } = reader;
    // Each number ends with the byte that has no high bit.
    for (let at = reader.at; at < end; at++) if (bytes[at]! < 0x80) count++;
    if (length > 0 && bytes[end - 1]! >= 0x80) throw new Malformed("it ends within a number");
  } else {
    const size = element === FIXED32 ? 4 : 8;
    if (length % size !== 0) throw new Malformed("it ends within a number");
    count = length / size;
  }
  reader.at = end;
  return count;
}

interface Elements {
  readonly data: TensorData;
  /** Reads one element. */
  read(reader: WireReader): void;
  /** Reads all up to the reader's end, where that is faster than one by one. */
  readAll?(reader: WireReader): void;
}

function elements(name: string, datatype: Exclude<Datatype, "FP16">, count: number): Elements {
  let at = 0;
  switch (datatype) {
    case "BYTES": {
      const data: string[] = [];
      return { data, read: (reader) => void data.push(rawText(name, reader.view())) };
    }
    case "BOOL": {
      const data = new Uint8Array(count);
      return {
        data,
        read(reader) {
          reader.varint();
          data[at++] = (reader.low | reader.high) !== 0 ? 1 : 0;
        },
      };
    }
    case "FP32":
    case "FP64": {
      const data = new DATATYPES[datatype].array(count);
      const bytes = new Uint8Array(data.buffer);
      const take = (reader: WireReader, length: number) => {
        bytes.set(reader.bytes.subarray(reader.at, reader.at + length), at);
        at += length;
        reader.at += length;
      };
      return {
        data,
        read: (reader) => take(reader, data.BYTES_PER_ELEMENT),
        readAll: (reader) => take(reader, reader.end - reader.at),
      };
    }
    case "INT64":
    case "UINT64": {
      const data = new DATATYPES[datatype].array(count);
      const halves = new Int32Array(data.buffer);
      return {
        data,
        read(reader) {
          reader.varint();
          halves[at++] = reader.low;
          halves[at++] = reader.high;
        },
      };
    }
    default: {
      const { array, range } = DATATYPES[datatype];
      const data = new array(count);
      const [least, most] = range;
      return {
        data,
        read(reader) {
          const value = reader.int64();
          if (value < least || value > most) {
            throw invalid(`Input \`${name}\` holds ${value}, which is not a ${datatype} value.`);
          }
          data[at++] = value;
        },
      };
    }
  }
}
