/** The little statistics that a benchmark of few rounds needs. */

/** Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom; beyond, those of the normal distribution do. */
const T_95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131,
  2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL_95 = 1.96;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Estimate extends Interval {
  readonly value: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The 95 % confidence interval of the mean; as wide as can be for a single value. */
export function confidenceInterval(values: readonly number[]): Interval {
  const count = values.length;
  if (count < 2) return { low: -Infinity, high: Infinity };
  const middle = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (count - 1);
  const reach = (T_95[count - 2] ?? NORMAL_95) * Math.sqrt(variance / count);
  return { low: middle - reach, high: middle + reach };
}

const logarithms = (values: readonly number[]) => values.map((value) => Math.log(value));

/** The median, and where the geometric mean lies with 95 % confidence: rates and times are never below zero. */
export function estimate(values: readonly number[]): Estimate {
  const { low, high } = confidenceInterval(logarithms(values));
  return { value: median(values), low: Math.exp(low), high: Math.exp(high) };
}

/**
 * The ratio of paired measurements: the geometric mean of the rounds' ratios with its 95 % interval. What slowed one
 * round slowed both of its halves, so that it drops out.
 */
export function pairedRatio(ours: readonly number[], theirs: readonly number[]): Estimate {
  const logs = logarithms(ours.map((value, i) => value / theirs[i]!));
  const { low, high } = confidenceInterval(logs);
  return { value: Math.exp(mean(logs)), low: Math.exp(low), high: Math.exp(high) };
}
