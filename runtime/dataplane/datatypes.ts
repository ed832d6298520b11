import type { OnnxType } from "../models/signature";

/** The data of a tensor: one element per array element; FP16 as raw bits, BOOL as 0 or 1, BYTES as UTF-8 text. */
export type TensorData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | string[];

interface ArrayType {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): Exclude<TensorData, string[]>;
  new (buffer: ArrayBuffer): Exclude<TensorData, string[]>;
}

interface DatatypeInfo {
  /** The name that onnxruntime gives this type. */
  readonly onnx: OnnxType;
  /** Undefined for BYTES, whose elements vary in length. */
  readonly array: ArrayType | undefined;
  /** Smallest and largest integer, for the integer types that fit a JavaScript number. */
  readonly range?: readonly [number, number];
}

/** The datatypes of the V2 protocol that onnxruntime takes. */
export const DATATYPES = {
  BOOL: { onnx: "bool", array: Uint8Array },
  UINT8: { onnx: "uint8", array: Uint8Array, range: [0, 255] },
  UINT16: { onnx: "uint16", array: Uint16Array, range: [0, 65535] },
  UINT32: { onnx: "uint32", array: Uint32Array, range: [0, 4294967295] },
  UINT64: { onnx: "uint64", array: BigUint64Array },
  INT8: { onnx: "int8", array: Int8Array, range: [-128, 127] },
  INT16: { onnx: "int16", array: Int16Array, range: [-32768, 32767] },
  INT32: { onnx: "int32", array: Int32Array, range: [-2147483648, 2147483647] },
  INT64: { onnx: "int64", array: BigInt64Array },
  FP16: { onnx: "float16", array: Uint16Array },
  FP32: { onnx: "float32", array: Float32Array },
  FP64: { onnx: "float64", array: Float64Array },
  BYTES: { onnx: "string", array: undefined },
} as const satisfies Record<string, DatatypeInfo>;

export type Datatype = keyof typeof DATATYPES;

const names = new Set<string>(Object.keys(DATATYPES));
const byOnnxType = new Map<string, Datatype>(
  (Object.keys(DATATYPES) as Datatype[]).map((name) => [DATATYPES[name].onnx, name]),
);

export function isDatatype(value: unknown): value is Datatype {
  return typeof value === "string" && names.has(value);
}

/** The protocol's name of an onnxruntime type; undefined for types that the protocol or the binding lacks. */
export function datatypeOf(onnxType: string): Datatype | undefined {
  return byOnnxType.get(onnxType);
}

/** `FP32, INT64, …` for error messages. */
export const DATATYPE_LIST = Object.keys(DATATYPES).join(", ");
