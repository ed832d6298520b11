import { invalid } from "../errors";
import { DATATYPES, type Datatype, type TensorData } from "../dataplane/datatypes";
import { float16Bits, LARGEST_FLOAT16 } from "../dataplane/float16";
import { shown } from "../dataplane/shown";
import { exactInteger, writtenNumber, type ExactJson } from "./exact-json";

/** The text has to be parsed again with every digit of its numbers kept. */
class NeedsExactNumbers extends Error {}

/**
 * Reads tensors from parsed JSON, and only where that may have rounded a number `again` from JSON with marked ones.
 * @throws 400
 */
export function withExactNumbers<Result>(read: () => Result, again: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NeedsExactNumbers)) throw error;
  }
  return again();
}

/**
 * To be called before a tensor is read from what JSON.parse gave: it makes a 1 of 0.99999999999999999999, which would then
 * pass for an integer. Within `withExactNumbers`.
 */
export function requireUnrounded(datatype: Datatype, exact: ExactJson): void {
  if (isWhole(datatype) && exact.mayRound) throw new NeedsExactNumbers();
}

/** Whether elements are whole numbers, or truth values, which may be written as such. */
export function isWhole(datatype: Datatype): boolean {
  return datatype !== "BYTES" && !datatype.startsWith("FP");
}

/** Converts one element; throws through `refuse` where it does not fit, so that nothing wraps or rounds silently. */
type Fill = (out: TensorData, values: readonly unknown[], at: number, name: string) => void;

/** Characters of a number that an error message repeats. */
const LONGEST = 40;

const LARGEST_FLOAT32 = 3.4028235677973362e38;

function refuse(name: string, datatype: Datatype, value: unknown): never {
  throw invalid(
    `Input \`${name}\` holds ${writtenNumber(value)?.slice(0, LONGEST) ?? shown(value)}, which is not a ${datatype} value.`,
  );
}

function fillFloat(datatype: "FP32" | "FP64", largest: number): Fill {
  return (out, values, at, name) => {
    const target = out as Float32Array | Float64Array;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      // The comparison is false for NaN and infinities as well.
      if (typeof value === "number" && value <= largest && value >= -largest) target[at + i] = value;
      else refuse(name, datatype, value);
    }
  };
}

const fillHalf: Fill = (out, values, at, name) => {
  const target = out as Uint16Array;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "number" || !(Math.abs(value) < LARGEST_FLOAT16)) refuse(name, "FP16", value);
    target[at + i] = float16Bits(value);
  }
};

function fillInteger(datatype: Datatype, [least, largest]: readonly [number, number]): Fill {
  return (out, values, at, name) => {
    const target = out as Int32Array;
    for (let i = 0; i < values.length; i++) {
      const value = typeof values[i] === "string" ? smallInteger(values[i]) : values[i];
      if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= largest) {
        target[at + i] = value;
      } else refuse(name, datatype, values[i]);
    }
  };
}

/** The integer behind a marked string; undefined where there is none, and where it is too large anyway. */
function smallInteger(value: unknown): number | undefined {
  const integer = exactInteger(value);
  return integer === undefined ? undefined : Number(integer);
}

function fillLong(datatype: "INT64" | "UINT64", least: bigint, largest: bigint): Fill {
  return (out, values, at, name) => {
    const target = out as BigInt64Array | BigUint64Array;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      let integer: bigint | undefined;
      if (typeof value === "number") {
        // Beyond 2^64 no digit decides any more.
        if (!Number.isInteger(value) || Math.abs(value) > 2 ** 64) refuse(name, datatype, value);
        if (!Number.isSafeInteger(value)) throw new NeedsExactNumbers();
        integer = BigInt(value);
      } else integer = exactInteger(value);
      if (integer === undefined || integer < least || integer > largest) {
        refuse(name, datatype, value);
      }
      target[at + i] = integer;
    }
  };
}

const fillBool: Fill = (out, values, at, name) => {
  const target = out as Uint8Array;
  for (let i = 0; i < values.length; i++) {
    const value = typeof values[i] === "string" ? smallInteger(values[i]) : values[i];
    if (value === true || value === 1) target[at + i] = 1;
    else if (value === false || value === 0) target[at + i] = 0;
    else refuse(name, "BOOL", values[i]);
  }
};

const fillText: Fill = (out, values, at, name) => {
  const target = out as string[];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "string" || writtenNumber(value) !== undefined) refuse(name, "BYTES", value);
    target[at + i] = value;
  }
};

const FILL: Record<Datatype, Fill> = {
  BOOL: fillBool,
  UINT8: fillInteger("UINT8", DATATYPES.UINT8.range),
  UINT16: fillInteger("UINT16", DATATYPES.UINT16.range),
  UINT32: fillInteger("UINT32", DATATYPES.UINT32.range),
  UINT64: fillLong("UINT64", 0n, 2n ** 64n - 1n),
  INT8: fillInteger("INT8", DATATYPES.INT8.range),
  INT16: fillInteger("INT16", DATATYPES.INT16.range),
  INT32: fillInteger("INT32", DATATYPES.INT32.range),
  INT64: fillLong("INT64", -(2n ** 63n), 2n ** 63n - 1n),
  FP16: fillHalf,
  FP32: fillFloat("FP32", LARGEST_FLOAT32),
  FP64: fillFloat("FP64", Number.MAX_VALUE),
  BYTES: fillText,
};

/**
 * Converts the `data` of one JSON tensor, flat or nested as its shape says. `count` is the product of the shape; the
 * array is allocated only once the data is known to have that many elements.
 */
export function tensorData(
  name: string,
  datatype: Datatype,
  shape: readonly number[],
  count: number,
  data: unknown,
): TensorData {
  if (!Array.isArray(data)) {
    if (shape.length === 0) return tensorData(name, datatype, shape, count, [data]);
    throw invalid(`Input \`${name}\` must have its values in \`data\` as an array.`);
  }
  const nested = shape.length > 1 && Array.isArray(data[0]);
  const rows = nested ? leaves(name, shape, data) : [data];
  const received = rows.reduce((sum, row) => sum + row.length, 0);
  if (received !== count) {
    throw invalid(
      `Input \`${name}\` has ${received} elements in \`data\`, but its shape [${shape.join(", ")}] needs ${count}.`,
    );
  }
  const arrayType = DATATYPES[datatype].array;
  const out: TensorData = arrayType ? new arrayType(count) : new Array<string>(count);
  const fill = FILL[datatype];
  let at = 0;
  for (const row of rows) {
    fill(out, row, at, name);
    at += row.length;
  }
  return out;
}

/** The innermost arrays of nested data, each level checked against the shape. */
function leaves(name: string, shape: readonly number[], data: unknown[]): unknown[][] {
  let level: unknown[][] = [data];
  for (const [depth, size] of shape.entries()) {
    const deeper: unknown[][] = [];
    for (const part of level) {
      if (part.length !== size) throw misnested(name, shape);
      if (depth === shape.length - 1) continue;
      for (const inner of part) {
        if (!Array.isArray(inner)) throw misnested(name, shape);
        deeper.push(inner);
      }
    }
    if (depth < shape.length - 1) level = deeper;
  }
  return level;
}

function misnested(name: string, shape: readonly number[]): Error {
  return invalid(
    `Input \`${name}\` has nested \`data\` that does not match its shape [${shape.join(", ")}].`,
  );
}
