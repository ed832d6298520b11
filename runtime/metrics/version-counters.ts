import { GIVEN_UP_AFTER } from "../contract";
import type { ErrorCode } from "../errors";
import { BATCH_SIZE_BOUNDS, Histogram, PART_BOUNDS, REQUEST_BOUNDS, SHORT_BOUNDS } from "./histogram";
import type { RunCost } from "./model-metrics";

/** How often something happened and how many seconds it took in all. */
export class Tally {
  count = 0;
  seconds = 0;

  record(seconds: number, times = 1): void {
    this.count += times;
    this.seconds += seconds * times;
  }

  add(other: Tally): void {
    this.count += other.count;
    this.seconds += other.seconds;
  }
}

/** What the runs of one batch size cost. */
export class BatchTally {
  count = 0;
  assembly = 0;
  compute = 0;
  distribution = 0;
}

/** Different batch sizes that are told apart in the statistics; further ones are left out of them. */
export const MAX_BATCH_SIZES = 256;

/** Everything that is counted of one model version; Prometheus, Triton's names and the statistics are read from here. */
export class VersionCounters {
  readonly request = new Histogram(REQUEST_BOUNDS);
  readonly queue = new Histogram(PART_BOUNDS);
  readonly assembly = new Histogram(SHORT_BOUNDS);
  readonly compute = new Histogram(PART_BOUNDS);
  readonly serialisation = new Histogram(SHORT_BOUNDS);
  readonly batchSize = new Histogram(BATCH_SIZE_BOUNDS);

  readonly success = new Tally();
  readonly failure = new Tally();
  readonly failures = new Map<ErrorCode, number>();
  readonly cacheHit = new Tally();
  readonly cacheMiss = new Tally();
  /** Per request: a run's cost counts once for each of the requests that shared it, as in Triton. */
  readonly requestAssembly = new Tally();
  readonly requestCompute = new Tally();
  readonly requestDistribution = new Tally();
  readonly batches = new Map<number, BatchTally>();
  /** Rows that were inferred. */
  rows = 0;
  workerRestarts = 0;
  /** Milliseconds since 1970; 0 before the first inference. */
  lastInference = 0;

  succeeded(seconds: number): void {
    this.request.observe(seconds);
    this.success.record(seconds);
    this.lastInference = Date.now();
  }

  failed(code: ErrorCode, seconds: number): void {
    this.request.observe(seconds);
    this.failure.record(seconds);
    const counted = code === "Cancelled" && seconds >= GIVEN_UP_AFTER ? "GivenUp" : code;
    this.failures.set(counted, (this.failures.get(counted) ?? 0) + 1);
  }

  ran({ rows, requests, assembly, compute, distribution }: RunCost): void {
    this.batchSize.observe(rows);
    this.assembly.observe(assembly);
    this.compute.observe(compute);
    this.rows += rows;
    this.requestAssembly.record(assembly, requests);
    this.requestCompute.record(compute, requests);
    this.requestDistribution.record(distribution, requests);
    let batch = this.batches.get(rows);
    if (batch === undefined) {
      if (this.batches.size >= MAX_BATCH_SIZES) return;
      this.batches.set(rows, (batch = new BatchTally()));
    }
    batch.count++;
    batch.assembly += assembly;
    batch.compute += compute;
    batch.distribution += distribution;
  }

  /** Adds what another version counted, for a series that several share; the sizes of batches are not told apart there. */
  add(other: VersionCounters): void {
    for (const key of HISTOGRAMS) this[key].add(other[key]);
    for (const key of TALLIES) this[key].add(other[key]);
    for (const [code, count] of other.failures) {
      this.failures.set(code, (this.failures.get(code) ?? 0) + count);
    }
    this.rows += other.rows;
    this.workerRestarts += other.workerRestarts;
    this.lastInference = Math.max(this.lastInference, other.lastInference);
  }
}

const HISTOGRAMS = ["request", "queue", "assembly", "compute", "serialisation", "batchSize"] as const;
const TALLIES = [
  "success",
  "failure",
  "cacheHit",
  "cacheMiss",
  "requestAssembly",
  "requestCompute",
  "requestDistribution",
] as const;
