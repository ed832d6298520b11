import { REQUEST_DURATION_BOUNDS } from "../contract";

/** Upper bounds in seconds for a request's whole time, which slots are compared by. */
export const REQUEST_BOUNDS = Float64Array.from(REQUEST_DURATION_BOUNDS);

/** Fewer for its parts, which show where the time goes. */
export const PART_BOUNDS = Float64Array.of(
  ...[0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
);

/** Upper bounds in seconds for what the server does itself, without waiting for a model. */
export const SHORT_BOUNDS = Float64Array.of(
  ...[0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1, 1],
);

export const BATCH_SIZE_BOUNDS = Float64Array.of(1, 2, 4, 8, 16, 32, 64, 128, 256);

/**
 * One series of a Prometheus histogram. prom-client's own `observe` validates and hashes the labels of every value; this
 * is bound to its labels once and adds to a number, because there are several observations to a request.
 */
export class Histogram {
  /** Values per bucket, not cumulated; the last one is beyond every bound. */
  readonly buckets: Float64Array;
  /** Sum and count side by side in memory that needs no allocation per value. */
  private readonly totals = new Float64Array(2);

  constructor(readonly bounds: Float64Array) {
    this.buckets = new Float64Array(bounds.length + 1);
  }

  observe(value: number): void {
    this.buckets[this.bucketOf(value)]! += 1;
    this.totals[0]! += value;
    this.totals[1]! += 1;
  }

  /** Index of the first bound that is not below the value, by halves: a long request would pass most of them. */
  private bucketOf(value: number): number {
    const { bounds } = this;
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value > bounds[middle]!) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get sum(): number {
    return this.totals[0]!;
  }

  get count(): number {
    return this.totals[1]!;
  }

  /** Adds what another one with the same bounds has seen. */
  add(other: Histogram): void {
    for (let i = 0; i < this.buckets.length; i++) this.buckets[i]! += other.buckets[i]!;
    this.totals[0]! += other.sum;
    this.totals[1]! += other.count;
  }
}
