import type { Estimate } from "./statistics";

/** One measured point of one server. */
export interface Figure {
  readonly benchmark: string;
  /** What was measured, e.g. `tabular, json, 64 at a time`. */
  readonly measure: string;
  readonly server: string;
  readonly value: Estimate;
  readonly unit: string;
  /** CPU time of the server's process, in microseconds a request. */
  readonly cpuPerRequest?: Estimate;
  /** Medians of the rounds' percentiles, in milliseconds. */
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** What was measured in the same rounds, and the ratio to it. */
  readonly against?: {
    readonly server: string;
    readonly ratio: Estimate;
    readonly cpuRatio?: Estimate;
    /** Of the medians of latency. */
    readonly p50Ratio?: Estimate;
  };
}
