/** Whether memory grows: what is resident early against late, once the server is warm. */

/** Caches fill and code is compiled in the first part of a run. */
const WARM_UP_SHARE = 0.3;
/** What medians of a third of the samples may differ by without a leak, in MiB and as a share. */
const SLACK_MIB = 12;
const SLACK_SHARE = 0.08;
const LEAST_SAMPLES = 9;

export interface Trend {
  readonly early: number;
  readonly late: number;
  readonly grows: boolean;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;

/** @param samples resident memory in MiB, evenly spaced in time. @returns nothing where there are too few to tell */
export function memoryTrend(samples: readonly number[]): Trend | undefined {
  const warm = samples.slice(Math.ceil(samples.length * WARM_UP_SHARE));
  if (warm.length < LEAST_SAMPLES) return undefined;
  const third = Math.floor(warm.length / 3);
  const early = median(warm.slice(0, third));
  const late = median(warm.slice(-third));
  return { early, late, grows: late > early * (1 + SLACK_SHARE) + SLACK_MIB };
}
