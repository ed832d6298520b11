/**
 * The metrics of quality gates and of feedback, computed exactly. Each takes the right answers and the given ones in the same order, at
 * least one of each. Compared in tests with what scikit-learn gives.
 */

/**
 * Share of answers that are right, 0 to 1.
 * @see scikit-learn's `accuracy_score`
 */
export function accuracy(right: readonly string[], given: readonly string[]): number {
  return right.filter((label, i) => label === given[i]).length / right.length;
}

/** How well a class is found: each is 0 to 1, and 0 where it would be divided by nothing. */
export interface ClassScores {
  /** TP / (TP + FP): of those given, how many are right. */
  readonly precision: number;
  /** TP / (TP + FN): of those that are right, how many were given. */
  readonly recall: number;
  /** 2·TP / (2·TP + FP + FN). */
  readonly f1: number;
}

interface ClassCounts {
  /** TP. */
  hits: number;
  /** TP + FN. */
  right: number;
  /** TP + FP. */
  given: number;
}

/**
 * The scores of each class that is right or given anywhere, and of these the plain mean ("macro"): a rare class weighs as much as a
 * frequent one. A class that is never given rightly has 0.
 * @see scikit-learn's `precision_recall_fscore_support(average="macro", zero_division=0)`
 */
export function macroScores(right: readonly string[], given: readonly string[]): ClassScores {
  const all = [...countClasses(right, given).values()].map(scoresOf);
  const mean = (score: keyof ClassScores) => all.reduce((sum, each) => sum + each[score], 0) / all.length;
  return { precision: mean("precision"), recall: mean("recall"), f1: mean("f1") };
}

/**
 * The scores of one class, the positive one.
 * @see scikit-learn's `precision_recall_fscore_support(average="binary", pos_label=positive, zero_division=0)`
 */
export function scoresOfClass(
  positive: string,
  right: readonly string[],
  given: readonly string[],
): ClassScores {
  return scoresOf(countClasses(right, given).get(positive) ?? { hits: 0, right: 0, given: 0 });
}

/** @see macroScores */
export function macroF1(right: readonly string[], given: readonly string[]): number {
  return macroScores(right, given).f1;
}

function countClasses(right: readonly string[], given: readonly string[]): Map<string, ClassCounts> {
  const classes = new Map<string, ClassCounts>();
  const countsOf = (name: string) => {
    let counts = classes.get(name);
    if (!counts) classes.set(name, (counts = { hits: 0, right: 0, given: 0 }));
    return counts;
  };
  right.forEach((label, i) => {
    const counts = countsOf(label);
    counts.right++;
    countsOf(given[i]!).given++;
    if (label === given[i]) counts.hits++;
  });
  return classes;
}

function scoresOf({ hits, right, given }: ClassCounts): ClassScores {
  const share = (of: number, all: number) => (all === 0 ? 0 : of / all);
  return { precision: share(hits, given), recall: share(hits, right), f1: share(2 * hits, right + given) };
}

/**
 * Area under the receiver operating characteristic: how probably a positive scores higher than a negative, equal scores counted half.
 * Undefined where all labels are the same.
 * @see Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve", 1982
 * @see scikit-learn's `roc_auc_score`
 */
export function rocAuc(isPositive: readonly boolean[], scores: readonly number[]): number | undefined {
  // Sorted as numbers: far quicker than by a comparison of one's own.
  const positives = Float64Array.from(scores.filter((_, i) => isPositive[i]!)).sort();
  const negatives = Float64Array.from(scores.filter((_, i) => !isPositive[i]!)).sort();
  if (positives.length === 0 || negatives.length === 0) return undefined;
  let won = 0;
  let [below, notAbove] = [0, 0];
  for (const score of positives) {
    while (below < negatives.length && negatives[below]! < score) below++;
    while (notAbove < negatives.length && negatives[notAbove]! <= score) notAbove++;
    won += (below + notAbove) / 2;
  }
  return won / (positives.length * negatives.length);
}

/** Bins of equal width between 0 and 1 that probabilities are put into. */
export const CALIBRATION_BINS = 10;

/**
 * Expected calibration error: probabilities fall into 10 bins of equal width, a bound belonging to the bin below it; of each bin the
 * distance between the mean probability and the share that came true, weighted by how many lie in it. 0 to 1, 0 is best. Undefined
 * where a number is no probability.
 * @see Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning", 2015
 * @see scikit-learn's `calibration_curve(n_bins=10, strategy="uniform")`, which gives the two means of each bin
 */
export function calibrationError(
  cameTrue: readonly boolean[],
  probabilities: readonly number[],
): number | undefined {
  const gaps = new Float64Array(CALIBRATION_BINS);
  for (let i = 0; i < probabilities.length; i++) {
    const probability = probabilities[i]!;
    if (!(probability >= 0 && probability <= 1)) return undefined;
    let bin = 0;
    // Compared with the bounds themselves: by multiplying, 0.3 would fall on either side of its own.
    while (bin < CALIBRATION_BINS - 1 && probability > (bin + 1) * (1 / CALIBRATION_BINS)) bin++;
    gaps[bin]! += probability - (cameTrue[i]! ? 1 : 0);
  }
  // n/N · |Σp/n − Σt/n| is |Σ(p − t)| / N.
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / probabilities.length;
}

/**
 * Root of the mean squared difference, in the unit of the numbers.
 * @see scikit-learn's `root_mean_squared_error`
 */
export function rmse(right: readonly number[], given: readonly number[]): number {
  // Scaled by the largest difference: squares of large ones would overflow.
  const differences = right.map((number, i) => Math.abs(number - given[i]!));
  const largest = differences.reduce((most, difference) => Math.max(most, difference), 0);
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  const mean = differences.reduce((sum, difference) => sum + (difference / largest) ** 2, 0) / right.length;
  return largest * Math.sqrt(mean);
}

/**
 * Mean of the absolute differences, in the unit of the numbers.
 * @see scikit-learn's `mean_absolute_error`
 */
export function meanAbsoluteError(right: readonly number[], given: readonly number[]): number {
  return right.reduce((sum, number, i) => sum + Math.abs(number - given[i]!) / right.length, 0);
}
