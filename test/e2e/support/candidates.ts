import { onnxModel, type InitializerDeclaration, type NodeDeclaration } from "../../support/onnx-model";

/** Candidates with the inputs and outputs of Silero VAD, each with one fault. */

const INPUTS = [
  { name: "input", type: "float32", shape: ["batch", "samples"] },
  { name: "state", type: "float32", shape: [2, "batch", 128] },
  { name: "sr", type: "int64", shape: [] },
] as const;
const OUTPUTS = [
  { name: "output", type: "float32", shape: ["batch", 1] },
  { name: "stateN", type: "float32", shape: [2, "batch", 128] },
] as const;

const int64 = (name: string, shape: number[], ...values: number[]): InitializerDeclaration => ({
  name,
  shape,
  data: BigInt64Array.from(values, BigInt),
});
const float32 = (name: string, shape: number[], data: ArrayLike<number>): InitializerDeclaration => ({
  name,
  shape,
  data: Float32Array.from(data),
});

/** `output` is the mean of `input` plus `extra`, which the nodes make of its first sample, `first`. */
function candidate(nodes: readonly NodeDeclaration[], constants: readonly InitializerDeclaration[]): Buffer {
  return onnxModel(
    [
      { op: "Gather", inputs: ["input", "zero"], outputs: ["first"], attributes: { axis: 1 } },
      ...nodes,
      { op: "ReduceMean", inputs: ["input"], outputs: ["mean"], attributes: { axes: [1], keepdims: 1 } },
      { op: "Add", inputs: ["mean", "extra"], outputs: ["output"] },
      { op: "Identity", inputs: ["state"], outputs: ["stateN"] },
    ],
    INPUTS,
    OUTPUTS,
    [int64("zero", [1], 0), ...constants],
  );
}

/** Runs out of memory where the first sample lies above the threshold: it asks for 2^50 numbers. */
export function flakyModel(threshold: number): Buffer {
  return candidate(
    [
      { op: "Greater", inputs: ["first", "threshold"], outputs: ["isAbove"] },
      { op: "Cast", inputs: ["isAbove"], outputs: ["above"], attributes: { to: 7 } },
      { op: "Mul", inputs: ["above", "far"], outputs: ["more"] },
      { op: "Add", inputs: ["more", "one"], outputs: ["columns"] },
      { op: "Reshape", inputs: ["columns", "flat"], outputs: ["shape"] },
      { op: "Expand", inputs: ["first", "shape"], outputs: ["wide"] },
      { op: "ReduceMean", inputs: ["wide"], outputs: ["average"], attributes: { axes: [1], keepdims: 1 } },
      { op: "Mul", inputs: ["average", "nothing"], outputs: ["extra"] },
    ],
    [
      float32("threshold", [1], [threshold]),
      float32("nothing", [1], [0]),
      int64("far", [1], 2 ** 50),
      int64("one", [1], 1),
      int64("flat", [1], -1),
    ],
  );
}

const SIDE = 256;

/** Multiplies matrices of 256 × 256 so many times before it answers. */
export function slowModel(products: number): Buffer {
  const matrix = float32(
    "matrix",
    [SIDE, SIDE],
    Array.from({ length: SIDE * SIDE }, () => 1 / SIDE),
  );
  const chain = Array.from({ length: products }, (_, i): NodeDeclaration => ({
    op: "MatMul",
    inputs: [`product${i}`, "matrix"],
    outputs: [`product${i + 1}`],
  }));
  return candidate(
    [
      { op: "Mul", inputs: ["matrix", "first"], outputs: ["product0"] },
      ...chain,
      { op: "ReduceMean", inputs: [`product${products}`], outputs: ["average"], attributes: { keepdims: 1 } },
      { op: "Mul", inputs: ["average", "nothing"], outputs: ["extra"] },
    ],
    [matrix, float32("nothing", [1], [0])],
  );
}
