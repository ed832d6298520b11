import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { normalNumbers } from "./normal-numbers";
import { onnxModel, type InitializerDeclaration } from "../../../test/support/onnx-model";
import { BASELINE_FORMAT, type Baseline, type NumericBaseline } from "../../../runtime/drift/baseline";

/** Columns of the models' one input. */
export const INPUTS = 3;
const TRAINING_ROWS = 4000;
const BINS = 10;

/** What the score of a row is: version 2 has learnt the last column, which version 1 ignores. */
const WEIGHTS: Readonly<Record<string, readonly number[]>> = { "1": [1.5, -1, 0], "2": [1.5, -1, 0.8] };
const NOISELESS = WEIGHTS["2"]!;

/** What is right for a row. */
export const truth = (row: readonly number[]): boolean => dot(NOISELESS, row) > 0;

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, each, i) => sum + each * b[i]!, 0);

/** How the judged model is watched: windows short enough to see something happen. */
const scoring = (windowSeconds: number, versionPolicy: object) => ({
  versionPolicy,
  batching: { maxBatchSize: 16, latencyObjectiveMs: 20 },
  maxConcurrentRequests: 12,
  drift: { windowSeconds, minSamples: 100, outliers: { perRequest: true } },
  feedback: { output: "y", task: "binary", segments: { country: {} } },
});
const PRICES = {
  cache: { maxBytes: 65_536 },
  feedback: { output: "y", task: "regression", segments: { country: {} } },
};
const SELDOM = { lazy: true };

/**
 * Writes three small models: `scoring` says yes or no in two versions, with a baseline; `prices` gives a number and keeps answers;
 * `seldom` is loaded when somebody asks.
 */
export function writeModels(folder: string, windowSeconds: number, versionPolicy: object): void {
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  for (const [version, weights] of Object.entries(WEIGHTS)) {
    write(`scoring/${version}/model.onnx`, linear(weights, "Sigmoid"));
    write(`scoring/${version}/baseline.json`, JSON.stringify(baseline(weights)));
  }
  write("scoring/model.json", JSON.stringify(scoring(windowSeconds, versionPolicy)));
  write("prices/1/model.onnx", linear(NOISELESS, "Identity"));
  write("prices/model.json", JSON.stringify(PRICES));
  write("seldom/1/model.onnx", linear(NOISELESS, "Identity"));
  write("seldom/model.json", JSON.stringify(SELDOM));
}

function linear(weights: readonly number[], activation: string): Buffer {
  const w: InitializerDeclaration = { name: "w", shape: [INPUTS, 1], data: Float32Array.from(weights) };
  return onnxModel(
    [
      { op: "MatMul", inputs: ["x", "w"], outputs: ["score"] },
      { op: activation, inputs: ["score"], outputs: ["y"] },
    ],
    [{ name: "x", type: "float32", shape: ["n", INPUTS] }],
    [{ name: "y", type: "float32", shape: ["n", 1] }],
    [w],
  );
}

/** What `slipway baseline` would write for rows of independent standard normal columns. */
function baseline(weights: readonly number[]): Baseline {
  const draw = normalNumbers(7);
  const rows = Array.from({ length: TRAINING_ROWS }, () => Array.from({ length: INPUTS }, draw));
  const columns = Array.from({ length: INPUTS }, (_, i) => rows.map((row) => row[i]!));
  const features = Object.fromEntries(columns.map((column, i) => [`input:x[${i}]`, numeric(column)]));
  features["output:y"] = numeric(rows.map((row) => 1 / (1 + Math.exp(-dot(weights, row)))));
  const sha256 = createHash("sha256").update(JSON.stringify(rows)).digest("hex");
  return { format: BASELINE_FORMAT, data: { file: "training.csv", sha256, rows: TRAINING_ROWS }, features };
}

function numeric(values: readonly number[]): NumericBaseline {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  const mean = sorted.reduce((sum, each) => sum + each, 0) / count;
  const squares = sorted.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  const edges = Array.from({ length: BINS - 1 }, (_, i) => sorted[Math.floor(((i + 1) * count) / BINS) - 1]!);
  const cumulative = edges.map((edge) => sorted.filter((each) => each <= edge).length);
  const counts = [...cumulative, count].map((until, i) => until - (cumulative[i - 1] ?? 0));
  return {
    kind: "numeric",
    count,
    missing: 0,
    min: sorted[0]!,
    max: sorted.at(-1)!,
    mean,
    standardDeviation: Math.sqrt(squares / (count - 1)),
    edges,
    counts,
  };
}
