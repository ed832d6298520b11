/** ONNX's names of element types, by their numbers in onnx.proto. */
const NAMES: Readonly<Record<number, string>> = {
  1: "float32",
  2: "uint8",
  3: "int8",
  4: "uint16",
  5: "int16",
  6: "int32",
  7: "int64",
  8: "string",
  9: "bool",
  10: "float16",
  11: "float64",
  12: "uint32",
  13: "uint64",
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

/** Types that onnxruntime-node passes and the V2 protocol has, with the protocol's names. */
const DATATYPES = {
  1: "FP32",
  2: "UINT8",
  3: "INT8",
  4: "UINT16",
  5: "INT16",
  6: "INT32",
  7: "INT64",
  8: "BYTES",
  9: "BOOL",
  10: "FP16",
  11: "FP64",
  12: "UINT32",
  13: "UINT64",
} as const;

/** The type of a tensor's elements, as the V2 protocol names it. */
export type Datatype = (typeof DATATYPES)[keyof typeof DATATYPES];

export const DATATYPE_NAMES: readonly Datatype[] = Object.values(DATATYPES).sort();

export function elementTypeName(type: number): string {
  return NAMES[type] ?? `number ${type}`;
}

/** Undefined where requests cannot carry such a tensor. */
export function datatypeOf(type: number): Datatype | undefined {
  return (DATATYPES as Readonly<Record<number, Datatype>>)[type];
}
