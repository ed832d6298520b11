import type { Arm } from "./assignment";

/** Outcomes of an arm: how many users, and of how many of them it was a success. */
export interface Outcomes {
  readonly trials: number;
  readonly successes: number;
}

/** Points of the grid on which the two posteriors are compared. */
const GRID = 1501;
/** Standard deviations around both means that the grid spans. */
const REACH = 10;

interface Posterior {
  readonly a: number;
  readonly b: number;
  readonly mean: number;
  readonly deviation: number;
}

/** Beta(1 + successes, 1 + failures): the prior is uniform. */
function posteriorOf({ trials, successes }: Outcomes): Posterior {
  if (!Number.isInteger(trials) || !Number.isInteger(successes) || successes < 0 || successes > trials) {
    throw new Error(
      `${successes} successes of ${trials} trials: must be whole numbers, 0 <= successes <= trials`,
    );
  }
  const a = 1 + successes;
  const b = 1 + trials - successes;
  const deviation = Math.sqrt((a * b) / ((a + b) ** 2 * (a + b + 1)));
  return { a, b, mean: a / (a + b), deviation };
}

/** Density on the grid up to a factor that drops out; the largest value is near 1 so that nothing underflows. */
function densityOn(points: readonly number[], { a, b, mean }: Posterior): number[] {
  // 0 · ln 0 is 0: a uniform posterior is one at the ends as well.
  const log = (factor: number, of: number) => (factor === 0 ? 0 : factor * Math.log(of));
  const at = (x: number) => log(a - 1, x) + log(b - 1, 1 - x);
  const mode = a + b > 2 ? (a - 1) / (a + b - 2) : mean;
  const peak = at(mode);
  return points.map((x) => Math.exp(at(x) - peak));
}

/**
 * Probability that the candidate's success rate is the higher one, given what was seen: the share of traffic by which Thompson
 * sampling allots (W. Thompson, Biometrika 25, 1933). ∫ f(candidate) · F(live) by the trapezoidal rule; off by less than 1e-4.
 */
export function probabilityBest(live: Outcomes, candidate: Outcomes): number {
  const one = posteriorOf(live);
  const other = posteriorOf(candidate);
  const from = Math.max(0, Math.min(...[one, other].map(({ mean, deviation }) => mean - REACH * deviation)));
  const to = Math.min(1, Math.max(...[one, other].map(({ mean, deviation }) => mean + REACH * deviation)));
  const points = gridOver(from, to, [one, other]);
  const f = densityOn(points, other);
  const g = densityOn(points, one);
  let below = 0;
  let both = 0;
  let all = 0;
  for (let i = 1; i < points.length; i++) {
    const width = points[i]! - points[i - 1]!;
    const liveMass = ((g[i - 1]! + g[i]!) / 2) * width;
    const candidateMass = ((f[i - 1]! + f[i]!) / 2) * width;
    // Of the mass within one step, half is below.
    both += candidateMass * (below + liveMass / 2);
    below += liveMass;
    all += candidateMass;
  }
  return both / (below * all);
}

/** Even points over the whole span, and as many within reach of each mean: one posterior may be far narrower than the other. */
function gridOver(from: number, to: number, posteriors: readonly Posterior[]): number[] {
  const even = (low: number, high: number) =>
    Array.from({ length: GRID }, (_, i) => low + ((high - low) * i) / (GRID - 1));
  const near = posteriors.flatMap(({ mean, deviation }) =>
    even(Math.max(0, mean - REACH * deviation), Math.min(1, mean + REACH * deviation)),
  );
  return [...even(from, to), ...near].sort((a, b) => a - b);
}

/** Least share of each arm in percent, so that a bad start can be made good. */
export const FLOOR_PERCENT = 10;

/**
 * Weights of a two-armed bandit in whole percent that sum to 100: the probability of being best, at least `floor` for each.
 * A bandit shifts traffic to what looks better while it learns; because its shares depend on the outcomes and on the time of
 * day at which they came, it gives no p-value. For a verdict with a stated error rate use the sequential test at fixed shares.
 */
export function banditWeights(
  live: Outcomes,
  candidate: Outcomes,
  floor: number = FLOOR_PERCENT,
): Readonly<Record<Arm, number>> {
  if (!Number.isInteger(floor) || floor < 0 || floor > 50) {
    throw new Error(`\`floor\`: ${floor} must be a whole number from 0 to 50`);
  }
  const percent = Math.round(100 * probabilityBest(live, candidate));
  const share = Math.min(100 - floor, Math.max(floor, percent));
  return { live: 100 - share, candidate: share };
}
