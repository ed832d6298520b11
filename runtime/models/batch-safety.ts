import type { TensorData } from "../dataplane/datatypes";
import { float16Value } from "../dataplane/float16";
import { messageOf } from "../message-of";
import { smallestEfficientBatch, timed, type Timings } from "./batch-calibration";
import type { OnnxType } from "./signature";
import { joinRows, makeRows, type ProbedModel, type RunTensors } from "./synthetic-rows";

/** Whether requests may share runs of a model. */
export type BatchVerdict =
  | {
      readonly safe: true;
      /** The smallest number of rows per run whose throughput is next to the best. */
      readonly efficientRows: number;
    }
  | { readonly safe: false; readonly reason: string };

/** Sizes that free dimensions other than the first are tried with: small ones, and ones that suit strided convolutions. */
const FREE_SIZES = [8, 32, 64, 1];
/** Magnitudes of the rows' numbers: what mixes rows, such as a scale for all of them, shows where they differ. */
const PATTERNS = [
  [1, 0.1, 4, 1],
  [4, 0.25],
];
/** Part of a row's largest number that rows may differ by, as kernels add up in another order for another batch. */
const TOLERANCE = 1e-4;
const FLOAT16_TOLERANCE = 4e-3;
/** Milliseconds of one run beyond which trying would delay the start too much. */
const LONGEST_RUN_MS = 250;
/** Milliseconds after which further patterns are left out; the first is always tried. */
const PATTERN_BUDGET_MS = 100;

class Unsafe extends Error {}

/**
 * Finds out whether rows of different requests may share a run: every tensor must have a free first dimension, and rows
 * that run together must give what they give alone. Where anything speaks against it the answer is no.
 * @param maxRows largest batch that is of interest
 */
export async function probeBatching(model: ProbedModel, maxRows: number): Promise<BatchVerdict> {
  try {
    requireRows(model);
    const elapsed = model.stopwatch();
    const freeSize = await acceptedSize(model);
    const timings: Timings = new Map();
    let depends = false;
    for (const [i, magnitudes] of PATTERNS.entries()) {
      if (i > 0 && elapsed() > PATTERN_BUDGET_MS) break;
      const rows = makeRows(model.inputs, freeSize, magnitudes, i + 1);
      depends = (await compareRows(model, rows, timings)) || depends;
    }
    if (!depends) throw new Unsafe("its outputs are the same whatever the inputs are, which proves nothing");
    return { safe: true, efficientRows: await smallestEfficientBatch(model, freeSize, maxRows, timings) };
  } catch (error) {
    if (error instanceof Unsafe) return { safe: false, reason: error.message };
    return { safe: false, reason: `it could not be tried: ${messageOf(error).slice(0, 200)}` };
  }
}

/** What can be said without running the model. */
function requireRows({ inputs, outputs }: ProbedModel): void {
  if (inputs.length === 0) throw new Unsafe("it has no input");
  for (const { name, shape } of [...inputs, ...outputs]) {
    if (shape.length === 0) throw new Unsafe(`\`${name}\` is a single value`);
    if (typeof shape[0] === "number" && shape[0] >= 0) {
      throw new Unsafe(`the first dimension of \`${name}\` is always ${shape[0]}`);
    }
  }
  const named = inputs.find(({ shape }) => nameOf(shape[0]) !== "");
  const batch = nameOf(named?.shape[0]);
  for (const { name, shape } of inputs) {
    const own = nameOf(shape[0]);
    if (own !== "" && own !== batch) {
      throw new Unsafe(
        `the first dimensions of \`${named!.name}\` and \`${name}\` have different names (${batch}, ${own})`,
      );
    }
  }
  const others = new Set(inputs.flatMap(({ shape }) => shape.slice(1).map(nameOf)));
  for (const { name, shape } of outputs) {
    const own = nameOf(shape[0]);
    if (own !== "" && own !== batch && others.has(own)) {
      throw new Unsafe(`the first dimension of \`${name}\` (${own}) is another one of the inputs`);
    }
  }
}

function nameOf(dimension: number | string | undefined): string {
  return typeof dimension === "string" ? dimension : "";
}

/** A size for free dimensions that the model takes; also warms it up. */
async function acceptedSize(model: ProbedModel): Promise<number> {
  const hasFree = model.inputs.some(({ shape }) =>
    shape.slice(1).some((size) => typeof size === "string" || size < 1),
  );
  let refusal: unknown;
  for (const size of hasFree ? FREE_SIZES : [1]) {
    const row = makeRows(model.inputs, size, [1], 0)[0]!;
    try {
      const first = model.stopwatch();
      await model.run(row);
      // The first run of a session allocates and, on a GPU, compiles: what it takes is not what a run takes.
      if (first() <= LONGEST_RUN_MS) return size;
      const second = model.stopwatch();
      await model.run(row);
      const ms = second();
      if (ms <= LONGEST_RUN_MS) return size;
      throw new Unsafe(`one run takes ${Math.round(ms)} ms, too long to try it while loading`);
    } catch (error) {
      if (error instanceof Unsafe) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

/** @returns whether outputs depend on the row @throws Unsafe where rows give together what they do not give alone */
async function compareRows(
  model: ProbedModel,
  rows: readonly RunTensors[],
  timings: Timings,
): Promise<boolean> {
  const together = await timed(model, joinRows(rows), rows.length, timings);
  const alone: RunTensors[] = [];
  for (const row of rows) alone.push(await timed(model, row, 1, timings));
  let depends = false;
  model.outputs.forEach(({ name, type }, i) => {
    const [first] = alone;
    const shape = together.dims[i]!;
    if (shape[0] !== rows.length) {
      throw new Unsafe(`\`${name}\` has ${shape[0]} rows where the inputs have ${rows.length}`);
    }
    const width = together.data[i]!.length / rows.length;
    alone.forEach((output, row) => {
      if (output.dims[i]!.join() !== [1, ...shape.slice(1)].join()) {
        throw new Unsafe(`\`${name}\` has another shape where rows run together`);
      }
      const part = together.data[i]!.slice(row * width, (row + 1) * width);
      if (!equal(type, part, output.data[i]!)) {
        throw new Unsafe(`\`${name}\` differs where rows run together`);
      }
      if (!equal(type, output.data[i]!, first!.data[i]!)) depends = true;
    });
  });
  return depends;
}

function equal(type: OnnxType, a: TensorData, b: TensorData): boolean {
  if (type !== "float32" && type !== "float64" && type !== "float16") {
    return a.every((value: unknown, i: number) => value === b[i]);
  }
  const value = type === "float16" ? float16Value : (number: number) => number;
  const left = Array.from(a as Float32Array, value);
  const right = Array.from(b as Float32Array, value);
  const largest = Math.max(...right.map((number) => (Number.isFinite(number) ? Math.abs(number) : 0)), 0);
  const tolerance = largest * (type === "float16" ? FLOAT16_TOLERANCE : TOLERANCE);
  return left.every((number, i) => Object.is(number, right[i]) || Math.abs(number - right[i]!) <= tolerance);
}
