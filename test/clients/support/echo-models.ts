import { addModel, identityModel, onnxModel, type ElementType } from "../../support/onnx-model";

/** ONNX's element type of each datatype of the protocol that the server takes. */
export const ELEMENT_OF = {
  BOOL: "bool",
  UINT8: "uint8",
  UINT16: "uint16",
  UINT32: "uint32",
  UINT64: "uint64",
  INT8: "int8",
  INT16: "int16",
  INT32: "int32",
  INT64: "int64",
  FP16: "float16",
  FP32: "float32",
  FP64: "float64",
  BYTES: "string",
} as const satisfies Record<string, ElementType>;

export type Datatype = keyof typeof ELEMENT_OF;

export const DATATYPES = Object.keys(ELEMENT_OF) as Datatype[];

/** Takes some tenths of a second on a square of 1,000: it multiplies `x` with itself, over and over. */
function slowModel(): Buffer {
  const squarings = 12;
  const nodes = Array.from({ length: squarings }, (_, i) => ({
    op: "MatMul",
    inputs: [i === 0 ? "x" : `square${i}`, "x"],
    outputs: [i === squarings - 1 ? "y" : `square${i + 1}`],
  }));
  const tensor = (name: string) => ({ name, type: "float32", shape: ["n", "n"] }) as const;
  return onnxModel(nodes, [tensor("x")], [tensor("y")]);
}

/** `add` on INT64, and `slow`, and for every datatype an `echo-…` that gives rows of four back; files by their path in the repository. */
export function echoModels(): Record<string, Buffer> {
  const echoes = DATATYPES.map((datatype) => [
    `echo-${datatype.toLowerCase()}/1/model.onnx`,
    identityModel(ELEMENT_OF[datatype], ["n", 4]),
  ]);
  return {
    "add/1/model.onnx": addModel("int64", ["n", 2]),
    "slow/1/model.onnx": slowModel(),
    ...Object.fromEntries(echoes),
  };
}

/** The names of all models in `echoModels`. */
export const MODELS = [
  "add",
  "slow",
  ...DATATYPES.map((datatype) => `echo-${datatype.toLowerCase()}`),
].sort();

const hex = (array: ArrayBufferView) =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("hex");

/** What scripts/datatypes.py shows of the four values of each datatype after a round trip, said anew. */
export const SHOWN: Record<Datatype, { dtype: string; shape: number[]; content: string | string[] }> = {
  BOOL: shown("bool", Uint8Array.of(1, 0, 0, 1)),
  UINT8: shown("uint8", Uint8Array.of(0, 1, 128, 255)),
  UINT16: shown("uint16", Uint16Array.of(0, 1, 32768, 65535)),
  UINT32: shown("uint32", Uint32Array.of(0, 1, 2 ** 31, 2 ** 32 - 1)),
  UINT64: shown("uint64", BigUint64Array.of(0n, 1n, 2n ** 53n + 1n, 2n ** 64n - 1n)),
  INT8: shown("int8", Int8Array.of(-128, -1, 0, 127)),
  INT16: shown("int16", Int16Array.of(-32768, -1, 0, 32767)),
  INT32: shown("int32", Int32Array.of(-(2 ** 31), -1, 0, 2 ** 31 - 1)),
  INT64: shown("int64", BigInt64Array.of(-(2n ** 63n), -1n, 2n ** 53n + 1n, 2n ** 63n - 1n)),
  FP16: shown("float16", Uint16Array.of(0xfbff, 0x2e66, 0x0001, 0x3c00)),
  FP32: shown("float32", Float32Array.of(-3.4028234663852886e38, 0.1, 1e-45, 1)),
  FP64: shown("float64", Float64Array.of(-Number.MAX_VALUE, 0.1, Number.MIN_VALUE, 1)),
  BYTES: { dtype: "object", shape: [1, 4], content: ["", "a", "żółć ✓ 日本 🚢", "x".repeat(300)] },
};

function shown(dtype: string, values: ArrayBufferView) {
  return { dtype, shape: [1, 4], content: hex(values) };
}

/** Not-a-number, both infinities and negative zero, bit by bit. */
export const SHOWN_SPECIAL_FLOATS = shown("float32", Float32Array.of(NaN, Infinity, -Infinity, -0));
