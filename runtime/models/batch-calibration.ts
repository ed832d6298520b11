import { SHORTEST_MS } from "../batching/efficient-size";
import { joinRows, makeRows, type ProbedModel, type RunTensors } from "./synthetic-rows";

/** Rows of a run → milliseconds of the shortest one seen: whatever else the machine does only prolongs runs. */
export type Timings = Map<number, number>;

/** Milliseconds that a run costs besides onnxruntime at least: both threads' part of handing it over. */
const HAND_OVER_MS = 0.03;
/**
 * How that grows with a run's length, and its bound in milliseconds: a long run leaves the other threads' code and data
 * in no cache. The main thread's time a row beside a model of 10 to 13 ms: 0.66 ms one by one, 0.33 in fours, 0.28 in eights.
 */
const COLD_SHARE = 0.04;
const COLD_MS = 0.5;
/**
 * What a row may cost more or less in a batch, of what it costs alone, by chance. Of long runs there is time for one of each size, and
 * several of single rows, the luckiest of which counts; what is missed there is found while the server works (efficient-size.ts).
 */
const CHANCE = { short: 0.05, long: 0.15 };
/** How much less a row must cost in a larger batch, to be worth the longer wait and the larger arena. */
const WORTHWHILE = 0.985;
/** What the last doubling must have saved where time did not suffice to try larger batches. */
const PROMISING = 0.92;
/** Milliseconds for all of it. */
const BUDGET_MS = 100;
const ROUNDS = 4;

/** Runs the model and notes how long it took. */
export async function timed(
  model: ProbedModel,
  inputs: RunTensors,
  rows: number,
  timings: Timings,
): Promise<RunTensors> {
  const elapsed = model.stopwatch();
  const outputs = await model.run(inputs);
  timings.set(rows, Math.min(timings.get(rows) ?? Infinity, elapsed()));
  return outputs;
}

/**
 * The smallest number of rows per run, a power of two or `maxRows`, that brings nearly as much throughput as any.
 * @param timings what is known already; at least of single rows
 */
export async function smallestEfficientBatch(
  model: ProbedModel,
  freeSize: number,
  maxRows: number,
  timings: Timings,
): Promise<number> {
  const spent = model.stopwatch();
  const [row] = makeRows(model.inputs, freeSize, [1], 7) as [RunTensors];
  const sizes = powersOfTwo(maxRows);
  for (let round = 0; round < ROUNDS; round++) {
    for (const size of sizes) {
      if (isPointless(timings, size)) break;
      const expected = timings.get(size) ?? 2 * timings.get(size / 2)!;
      if (spent() + expected > BUDGET_MS) return choose(timings, maxRows);
      await timed(model, joinRows(Array<RunTensors>(size).fill(row)), size, timings);
    }
  }
  return choose(timings, maxRows);
}

/** Milliseconds; a size that was not tried is taken to cost per row what the largest that was tried does. */
function perRow(timings: Timings, size: number): number {
  const alone = timings.get(1)!;
  const largest = Math.max(...timings.keys());
  const measured = timings.has(size) ? timings.get(size)! / size : timings.get(largest)! / largest;
  const chance = alone < SHORTEST_MS ? CHANCE.short : CHANCE.long;
  const ms = Math.abs(measured / alone - 1) < chance ? alone : measured;
  return ms + (HAND_OVER_MS + Math.min(COLD_MS, alone * COLD_SHARE)) / size;
}

/** Whether two doublings have brought nothing, so that further ones will not either. */
function isPointless(timings: Timings, size: number): boolean {
  if (size < 8) return false;
  const before = perRow(timings, size / 8) * WORTHWHILE;
  return perRow(timings, size / 4) > before && perRow(timings, size / 2) > before;
}

function choose(timings: Timings, maxRows: number): number {
  const sizes = [...timings.keys()].sort((a, b) => a - b);
  const largest = sizes[sizes.length - 1]!;
  if (largest * 2 <= maxRows && !isPointless(timings, largest * 2)) {
    // Larger ones were not tried for lack of time.
    const smaller = sizes[sizes.length - 2] ?? largest;
    const doublings = Math.log2(largest / smaller) || 1;
    const saved = perRow(timings, largest) / perRow(timings, smaller);
    if (saved < PROMISING ** doublings) return maxRows;
  }
  const candidates = powersOfTwo(maxRows);
  const best = Math.min(...candidates.map((size) => perRow(timings, size)));
  const size = candidates.find((candidate) => perRow(timings, candidate) * WORTHWHILE <= best)!;
  // There is no power of two between it and the bound.
  return size * 2 > maxRows ? maxRows : size;
}

function powersOfTwo(most: number): number[] {
  const sizes: number[] = [];
  for (let size = 1; size <= most; size *= 2) sizes.push(size);
  return sizes;
}
