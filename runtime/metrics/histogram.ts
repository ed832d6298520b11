import { REQUEST_DURATION_BOUNDS } from "../contract";

/** The same for every part of a request. */
export const DURATION_BOUNDS = Float64Array.from(REQUEST_DURATION_BOUNDS);

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
    const { bounds } = this;
    let at = 0;
    while (at < bounds.length && value > bounds[at]!) at++;
    this.buckets[at]! += 1;
    this.totals[0]! += value;
    this.totals[1]! += 1;
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
