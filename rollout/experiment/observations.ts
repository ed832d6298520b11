/**
 * What an arm has shown so far: how many users, the mean of what was measured of each, and its variance. One observation is
 * one user: requests of one user resemble each other, and counting each would promise more than is known.
 */
export interface ArmSummary {
  readonly count: number;
  readonly mean: number;
  /** Of a single observation. */
  readonly variance: number;
  /** Of yes or no: then the mean says what the variance is, also that of both arms together. */
  readonly yesOrNo?: true;
}

/**
 * An arm of a metric that is yes or no (converted, failed). The variance is that of the share with one success and one
 * failure added (Laplace): it is never zero, not even where all users failed.
 */
export function proportion(successes: number, trials: number): ArmSummary {
  if (!Number.isInteger(trials) || trials < 0) {
    throw new Error(`\`trials\`: ${trials} must be a whole number >= 0`);
  }
  if (!Number.isInteger(successes) || successes < 0 || successes > trials) {
    throw new Error(`\`successes\`: ${successes} must be a whole number from 0 to ${trials}`);
  }
  const smooth = (successes + 1) / (trials + 2);
  const mean = trials === 0 ? 0 : successes / trials;
  return { count: trials, mean, variance: smooth * (1 - smooth), yesOrNo: true };
}

/** Numbers summed up in constant memory; two of them can be joined. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Sum of the squared distances to the mean. */
  readonly squares: number;
}

export const NO_MOMENTS: Moments = { count: 0, mean: 0, squares: 0 };

/** Adds a value: Welford 1962, which loses no digits to large means. */
export function withValue({ count, mean, squares }: Moments, value: number): Moments {
  const next = mean + (value - mean) / (count + 1);
  return { count: count + 1, mean: next, squares: squares + (value - mean) * (value - next) };
}

/** Joins two: Chan, Golub, LeVeque 1979. */
export function joined(one: Moments, other: Moments): Moments {
  const count = one.count + other.count;
  if (count === 0) return NO_MOMENTS;
  const distance = other.mean - one.mean;
  return {
    count,
    mean: one.mean + (distance * other.count) / count,
    squares: one.squares + other.squares + (distance * distance * one.count * other.count) / count,
  };
}

/** An arm of a metric that is a number per user, of unknown variance. */
export function sample({ count, mean, squares }: Moments): ArmSummary {
  return { count, mean, variance: count < 2 ? 0 : squares / (count - 1) };
}
