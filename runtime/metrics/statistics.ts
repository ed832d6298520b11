import type { Tally, VersionCounters } from "./version-counters";

/** How often something happened and how many nanoseconds it took in all; names are those of Triton's extension. */
export interface DurationStatistic {
  readonly count: number;
  readonly ns: number;
}

/** Triton's statistics extension for one model version, as REST answers it and gRPC encodes it. */
export interface ModelStatistics {
  readonly name: string;
  readonly version: string;
  /** Milliseconds since 1970; 0 before the first inference. */
  readonly last_inference: number;
  /** Rows that were inferred. */
  readonly inference_count: number;
  /** Runs of the model. */
  readonly execution_count: number;
  readonly inference_stats: {
    readonly success: DurationStatistic;
    readonly fail: DurationStatistic;
    readonly queue: DurationStatistic;
    readonly compute_input: DurationStatistic;
    readonly compute_infer: DurationStatistic;
    readonly compute_output: DurationStatistic;
    readonly cache_hit: DurationStatistic;
    readonly cache_miss: DurationStatistic;
  };
  readonly batch_stats: readonly {
    readonly batch_size: number;
    readonly compute_input: DurationStatistic;
    readonly compute_infer: DurationStatistic;
    readonly compute_output: DurationStatistic;
  }[];
}

const statistic = (count: number, seconds: number): DurationStatistic => ({
  count,
  ns: Math.round(seconds * 1e9),
});

/** Triton's view of what was counted: the cost of a run counts in full for each request that shared it. */
export function modelStatistics(name: string, version: string, counted: VersionCounters): ModelStatistics {
  const tally = ({ count, seconds }: Tally) => statistic(count, seconds);
  return {
    name,
    version,
    last_inference: counted.lastInference,
    inference_count: counted.rows,
    execution_count: counted.compute.count,
    inference_stats: {
      success: tally(counted.success),
      fail: tally(counted.failure),
      queue: statistic(counted.queue.count, counted.queue.sum),
      compute_input: tally(counted.requestAssembly),
      compute_infer: tally(counted.requestCompute),
      compute_output: tally(counted.requestDistribution),
      cache_hit: tally(counted.cacheHit),
      cache_miss: tally(counted.cacheMiss),
    },
    batch_stats: [...counted.batches]
      .sort(([a], [b]) => a - b)
      .map(([batch_size, { count, assembly, compute, distribution }]) => ({
        batch_size,
        compute_input: statistic(count, assembly),
        compute_infer: statistic(count, compute),
        compute_output: statistic(count, distribution),
      })),
  };
}
