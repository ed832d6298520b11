/** The models that are measured: written here with seeded weights, so that every run and every machine has the same. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onnxModel, type InitializerDeclaration, type NodeDeclaration } from "../test/support/onnx-model";
import { seededNumbers } from "./seeded";

export interface BenchModel {
  readonly name: string;
  /** One row, without the batch dimension; input `x` and output `y` are FP32. */
  readonly rowShape: readonly number[];
  readonly outputs: number;
  readonly bytes: Buffer;
}

const BATCH = "n";

class Layers {
  readonly nodes: NodeDeclaration[] = [];
  readonly weights: InitializerDeclaration[] = [];
  private readonly numbers;
  private last = "x";

  constructor(seed: number) {
    this.numbers = seededNumbers(seed);
  }

  /** A node on the output of the one before. */
  add(op: string, extra: readonly string[] = [], attributes: NodeDeclaration["attributes"] = {}): this {
    const output = `${op.toLowerCase()}${this.nodes.length}`;
    this.nodes.push({ op, inputs: [this.last, ...extra], outputs: [output], attributes });
    this.last = output;
    return this;
  }

  /** Weights as He drew them: outputs stay near 1 through any number of layers. */
  private draw(shape: readonly number[], fanIn: number): string {
    const name = `w${this.weights.length}`;
    const size = shape.reduce((product, length) => product * length, 1);
    const scale = Math.sqrt(6 / fanIn);
    const data = Float32Array.from({ length: size }, () => (this.numbers() * 2 - 1) * scale);
    this.weights.push({ name, shape, data });
    return name;
  }

  dense(inputs: number, outputs: number): this {
    return this.add("Gemm", [this.draw([inputs, outputs], inputs), this.draw([outputs], inputs)]);
  }

  convolution(inputs: number, outputs: number, stride: number): this {
    const weights = this.draw([outputs, inputs, 3, 3], inputs * 9);
    const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [stride, stride] };
    return this.add("Conv", [weights], attributes).add("Relu");
  }

  model(name: string, rowShape: readonly number[], outputs: number): BenchModel {
    this.add("Softmax");
    this.nodes.push({ op: "Identity", inputs: [this.last], outputs: ["y"] });
    const bytes = onnxModel(
      this.nodes,
      [{ name: "x", type: "float32", shape: [BATCH, ...rowShape] }],
      [{ name: "y", type: "float32", shape: [BATCH, outputs] }],
      this.weights,
    );
    return { name, rowShape, outputs, bytes };
  }
}

/** A small network on a row of numbers, about 12 us a row alone: what a request costs besides decides. */
export function tabular(): BenchModel {
  const layers = new Layers(1).dense(64, 256).add("Relu").dense(256, 256).add("Relu").dense(256, 10);
  return layers.model("tabular", [64], 10);
}

/** Convolutions on a small picture, some milliseconds a row: what the server takes from the model decides. */
export function vision(): BenchModel {
  const layers = new Layers(2).convolution(3, 32, 1).convolution(32, 64, 2);
  layers.convolution(64, 64, 1).convolution(64, 64, 1).convolution(64, 64, 2);
  layers.add("GlobalAveragePool").add("Flatten").dense(64, 10);
  return layers.model("vision", [3, 64, 64], 10);
}

/** The same with more convolutions at the third's size: about the work of the peers' kit's `vision`, 5 to 10 ms a row. */
export function deepVision(): BenchModel {
  const layers = new Layers(2).convolution(3, 32, 1).convolution(32, 64, 2);
  for (let i = 0; i < 9; i++) layers.convolution(64, 64, 1);
  layers.convolution(64, 64, 2).add("GlobalAveragePool").add("Flatten").dense(64, 10);
  return layers.model("deep-vision", [3, 64, 64], 10);
}

/**
 * By name, with how many different rows are asked of it: so many that a batch hardly holds the same row twice. Large ones take long to
 * make and to keep, and a few of them mix as well as many.
 */
export const MODELS = {
  tabular: { make: tabular, rows: 128 },
  vision: { make: vision, rows: 24 },
  "deep-vision": { make: deepVision, rows: 24 },
};
export type ModelName = keyof typeof MODELS;

/** Lays a model out as a repository of its own. @param config what `model.json` says; none without it */
export function writeModel(folder: string, { name, bytes }: BenchModel, config?: object): void {
  mkdirSync(join(folder, name, "1"), { recursive: true });
  writeFileSync(join(folder, name, "1", "model.onnx"), bytes);
  if (config) writeFileSync(join(folder, name, "model.json"), JSON.stringify(config));
}
