import {
  operatingCharacteristics,
  varianceAt,
  type OperatingCharacteristics,
  type TestDesign,
} from "./power";
import { bestMixture } from "./sequential-test";

/** What one wants to find out, before the first user. */
export interface ExperimentQuestion {
  /** What the metric is without the candidate: the share of users, or a number's mean and standard deviation. */
  readonly baseline:
    | { readonly kind: "proportion"; readonly share: number }
    | { readonly kind: "mean"; readonly standardDeviation: number };
  /** The smallest difference that matters, in the metric's unit (0.01: one percentage point). */
  readonly minimumEffect: number;
  /**
   * The candidate's share of users in percent.
   * @default 50
   */
  readonly percent?: number;
  /**
   * Probability of ever finding a difference where there is none.
   * @default 0.05
   */
  readonly alpha?: number;
  /**
   * Probability of finding the smallest difference that matters.
   * @default 0.8
   */
  readonly power?: number;
}

export const QUESTION_DEFAULTS = { percent: 50, alpha: 0.05, power: 0.8 } as const;

/** What is fixed before the first look and kept. */
export interface ExperimentPlan {
  /** Users of both arms after which the experiment ends, whatever it has found. */
  readonly maximumUsers: number;
  /** τ² of the test. */
  readonly mixture: number;
  readonly alpha: number;
  readonly minimumEffect: number;
  /** If the smallest difference that matters is there. */
  readonly ifEffect: OperatingCharacteristics;
  /** If there is no difference: `superior` + `inferior` is the probability of finding one in vain, at most `alpha`. */
  readonly ifNone: OperatingCharacteristics;
}

/** Looks that the plan's numbers are computed for, evenly over its users. */
export const PLANNED_LOOKS = 40;

function problemOf({ baseline, minimumEffect, percent, alpha, power }: Required<ExperimentQuestion>) {
  if (baseline.kind === "proportion" && !(baseline.share > 0 && baseline.share < 1)) {
    return `\`baseline.share\`: ${baseline.share} must be > 0 and < 1`;
  }
  if (
    baseline.kind === "mean" &&
    !(baseline.standardDeviation > 0 && baseline.standardDeviation < Infinity)
  ) {
    return `\`baseline.standardDeviation\`: ${baseline.standardDeviation} must be a number > 0`;
  }
  if (!(minimumEffect > 0 && minimumEffect < Infinity)) {
    return `\`minimumEffect\`: ${minimumEffect} must be a number > 0`;
  }
  if (baseline.kind === "proportion" && minimumEffect >= Math.max(baseline.share, 1 - baseline.share)) {
    return `\`minimumEffect\`: ${minimumEffect} must be less than what a share of ${baseline.share} can change by`;
  }
  if (!(percent > 0 && percent < 100)) return `\`percent\`: ${percent} must be > 0 and < 100`;
  if (!(alpha > 0 && alpha < 0.5)) return `\`alpha\`: ${alpha} must be > 0 and < 0.5`;
  if (!(power > alpha && power < 1)) return `\`power\`: ${power} must be > \`alpha\` (${alpha}) and < 1`;
  return undefined;
}

/** Variances of one observation per arm if the effect is there; of the two directions the one with more variance. */
function variances({ baseline, minimumEffect }: Required<ExperimentQuestion>): TestDesign["variance"] {
  if (baseline.kind === "mean") {
    const variance = baseline.standardDeviation ** 2;
    return { live: variance, candidate: variance };
  }
  const of = (share: number) => (share > 0 && share < 1 ? share * (1 - share) : 0);
  const { share } = baseline;
  return { live: of(share), candidate: Math.max(of(share + minimumEffect), of(share - minimumEffect)) };
}

function evenLooks(users: number): number[] {
  return Array.from({ length: PLANNED_LOOKS }, (_, i) => (users * (i + 1)) / PLANNED_LOOKS);
}

function designFor(
  users: number,
  shares: Pick<TestDesign, "variance" | "share">,
  alpha: number,
  minimumEffect: number,
): TestDesign {
  const mixture = bestMixture(varianceAt(users, shares), alpha);
  return { ...shares, alpha, mixture, looks: evenLooks(users), minimumEffect };
}

const needed = new Map<string, number>();

/** Users for an effect of 1 where a single user's estimate has a variance of 1. */
function neededUnits(alpha: number, power: number): number {
  const key = `${alpha} ${power}`;
  const known = needed.get(key);
  if (known !== undefined) return known;
  const shares = { variance: { live: 0.25, candidate: 0.25 }, share: 0.5 };
  const enough = (users: number) =>
    operatingCharacteristics(designFor(users, shares, alpha, 1), 1).superior >= power;
  let high = 4;
  while (!enough(high)) high *= 2;
  let low = high / 2;
  while (low > 1e-3 && enough(low)) low /= 2;
  while (high / low > 1.002) {
    const middle = Math.sqrt(low * high);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  needed.set(key, high);
  return high;
}

/**
 * How many users it takes to find the smallest difference that matters with the stated power, looking all the time and stopping
 * early where the answer is clear, for futility as well.
 */
export function planExperiment(question: ExperimentQuestion): ExperimentPlan {
  const asked = { ...QUESTION_DEFAULTS, ...question };
  const problem = problemOf(asked);
  if (problem !== undefined) throw new Error(problem);
  const { minimumEffect, alpha, power } = asked;
  const shares = { variance: variances(asked), share: asked.percent / 100 };

  // Everything scales with the variance of one observation over the squared effect.
  const unit = varianceAt(1, shares) / minimumEffect ** 2;
  const maximumUsers = Math.ceil(unit * neededUnits(alpha, power));
  const design = designFor(maximumUsers, shares, alpha, minimumEffect);
  return {
    maximumUsers,
    mixture: design.mixture,
    alpha,
    minimumEffect,
    ifEffect: operatingCharacteristics(design, minimumEffect),
    ifNone: operatingCharacteristics(design, 0),
  };
}
