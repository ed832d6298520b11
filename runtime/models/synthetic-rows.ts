import type { TensorData } from "../dataplane/datatypes";
import type { OnnxType } from "./signature";

/** An input as the model declares it; a text is a free dimension of that name, empty where it has none. */
export interface DeclaredTensor {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly (number | string)[];
}

/** Tensors of one run, in the order in which the model declares them. */
export interface RunTensors {
  readonly dims: readonly (readonly number[])[];
  readonly data: readonly TensorData[];
}

/** A loaded model, as far as it is tried. */
export interface ProbedModel {
  readonly inputs: readonly DeclaredTensor[];
  readonly outputs: readonly DeclaredTensor[];
  /** @throws where the model does not take these inputs; the arrays stay the caller's */
  run(inputs: RunTensors): Promise<RunTensors>;
  /** Starts to measure; the result tells the milliseconds since. */
  stopwatch(): () => number;
}

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Elements of one row, with a size for what is free. */
function rowShape({ shape }: DeclaredTensor, freeSize: number): number[] {
  return shape.slice(1).map((size) => (typeof size === "number" && size > 0 ? size : freeSize));
}

/**
 * Values of one row. Whole numbers start at 1: they may be divided by, and a processor ends the whole process on a
 * division by zero.
 * @param magnitude how far numbers with a fraction go; whole numbers go to 3 where it is more than 1, else they are 1
 */
function rowData(type: OnnxType, length: number, magnitude: number, random: () => number): TensorData {
  const whole = () => (magnitude > 1 ? 1 + Math.floor(random() * 3) : 1);
  const float = () => (2 * random() - 1) * magnitude;
  const fill = <Data extends { [at: number]: number | bigint; readonly length: number }>(
    data: Data,
    value: () => number | bigint,
  ): Data => {
    for (let i = 0; i < data.length; i++) data[i] = value();
    return data;
  };
  switch (type) {
    case "float32":
      return fill(new Float32Array(length), float);
    case "float64":
      return fill(new Float64Array(length), float);
    case "float16":
      // Sign, an exponent of 0.5 to 2, and a mantissa: any such bits are a number of moderate size.
      return fill(
        new Uint16Array(length),
        () =>
          (random() < 0.5 ? 0x8000 : 0) |
          ((14 + Math.floor(random() * 2)) << 10) |
          Math.floor(random() * 1024),
      );
    case "int64":
      return fill(new BigInt64Array(length), () => BigInt(whole()));
    case "uint64":
      return fill(new BigUint64Array(length), () => BigInt(whole()));
    case "int32":
      return fill(new Int32Array(length), whole);
    case "uint32":
      return fill(new Uint32Array(length), whole);
    case "int16":
      return fill(new Int16Array(length), whole);
    case "uint16":
      return fill(new Uint16Array(length), whole);
    case "int8":
      return fill(new Int8Array(length), whole);
    case "uint8":
      return fill(new Uint8Array(length), whole);
    case "bool":
      return fill(new Uint8Array(length), () => (random() < 0.5 ? 0 : 1));
    case "string":
      return Array.from({ length }, () => String.fromCharCode(97 + Math.floor(random() * 26)));
  }
}

/** Values of moderate size for a tensor of this shape, the same each time. */
export function syntheticData(type: OnnxType, shape: readonly number[]): TensorData {
  const length = shape.reduce((product, size) => product * size, 1);
  return rowData(type, length, 1, randomNumbers(length));
}

/** One run's inputs per magnitude, each of one row. */
export function makeRows(
  inputs: readonly DeclaredTensor[],
  freeSize: number,
  magnitudes: readonly number[],
  seed: number,
): RunTensors[] {
  const random = randomNumbers(seed);
  const dims = inputs.map((input) => [1, ...rowShape(input, freeSize)]);
  const lengths = dims.map((shape) => shape.reduce((product, size) => product * size, 1));
  return magnitudes.map((magnitude) => ({
    dims,
    data: inputs.map(({ type }, i) => rowData(type, lengths[i]!, magnitude, random)),
  }));
}

/** Rows one after the other, as one run's inputs. */
export function joinRows(rows: readonly RunTensors[]): RunTensors {
  const [first] = rows;
  return {
    dims: first!.dims.map((shape) => [rows.length, ...shape.slice(1)]),
    data: first!.data.map((_, i) => joinData(rows.map(({ data }) => data[i]!))),
  };
}

function joinData(parts: readonly TensorData[]): TensorData {
  const [first] = parts;
  if (Array.isArray(first)) return (parts as readonly string[][]).flat();
  const width = first!.length;
  const joined = new (first!.constructor as Float32ArrayConstructor)(width * parts.length);
  parts.forEach((part, i) => joined.set(part as Float32Array, i * width));
  return joined;
}
