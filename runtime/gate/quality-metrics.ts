/**
 * The metrics of quality gates, computed exactly. Each takes the right answers and the given ones in the same order, at least one of
 * each. Compared in tests with what scikit-learn gives.
 */

/**
 * Share of answers that are right, 0 to 1.
 * @see scikit-learn's `accuracy_score`
 */
export function accuracy(right: readonly string[], given: readonly string[]): number {
  return right.filter((label, i) => label === given[i]).length / right.length;
}

/**
 * F1 = 2·TP / (2·TP + FP + FN) of each class that is right or given anywhere, and of these the plain mean ("macro"): a rare class
 * weighs as much as a frequent one. A class that is never given rightly has 0.
 * @see scikit-learn's `f1_score(average="macro", zero_division=0)`
 */
export function macroF1(right: readonly string[], given: readonly string[]): number {
  const classes = new Map<string, { hits: number; right: number; given: number }>();
  const countsOf = (name: string) => {
    let counts = classes.get(name);
    if (!counts) classes.set(name, (counts = { hits: 0, right: 0, given: 0 }));
    return counts;
  };
  right.forEach((label, i) => {
    countsOf(label).right++;
    countsOf(given[i]!).given++;
    if (label === given[i]) countsOf(label).hits++;
  });
  // TP + FN are those that are right, TP + FP those that were given.
  const scores = [...classes.values()].map((counts) => (2 * counts.hits) / (counts.right + counts.given));
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}

/**
 * Area under the receiver operating characteristic: how probably a positive scores higher than a negative, equal scores counted half.
 * By ranks, equal scores sharing the mean of theirs: (R⁺ − n⁺(n⁺+1)/2) / (n⁺·n⁻). Undefined where all labels are the same.
 * @see Hanley and McNeil, "The meaning and use of the area under a receiver operating characteristic (ROC) curve", 1982
 * @see scikit-learn's `roc_auc_score`
 */
export function rocAuc(isPositive: readonly boolean[], scores: readonly number[]): number | undefined {
  const positives = isPositive.filter(Boolean).length;
  const negatives = isPositive.length - positives;
  if (positives === 0 || negatives === 0) return undefined;
  const order = scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let rankSum = 0;
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    // Ranks from + 1 to `to`, counted from 1 on.
    const sharedRank = (from + 1 + to) / 2;
    for (let i = from; i < to; i++) if (isPositive[order[i]!]) rankSum += sharedRank;
    from = to;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
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
