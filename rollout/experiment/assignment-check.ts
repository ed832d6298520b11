/**
 * ln(n!) by Stirling's series (Abramowitz, Stegun 6.1.40), exact to 1e-10; small numbers are multiplied out.
 */
function logFactorial(n: number): number {
  if (n < 16) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  const x = n + 1;
  return (
    (x - 0.5) * Math.log(x) -
    x +
    0.5 * Math.log(2 * Math.PI) +
    1 / (12 * x) -
    1 / (360 * x ** 3) +
    1 / (1260 * x ** 5)
  );
}

/** An arm's number of users is compared with what its share promises; below this p-value the assignment is broken. */
export const MISMATCH_ALPHA = 0.001;

/**
 * P-value, valid at any time, of "users come to the candidate with this share". If it is small, the arms differ by more than
 * the model (one loses users, a cache answers for it, clients are assigned elsewhere), and no metric means anything.
 *
 * With a uniform mixture over the true share the likelihood ratio of k of n users is B(k+1, n−k+1) / (sᵏ (1−s)ⁿ⁻ᵏ); it is a
 * martingale if s is the share (M. Lindon, A. Malek, "Anytime-Valid Inference for Multinomial Count Data", NeurIPS 2022).
 * @param share of the candidate, between 0 and 1, the same from the first user on
 */
export function assignmentPValue(live: number, candidate: number, share: number): number {
  if (!(share > 0 && share < 1)) throw new Error(`\`share\`: ${share} must be > 0 and < 1`);
  const users = live + candidate;
  const logBeta = logFactorial(candidate) + logFactorial(live) - logFactorial(users + 1);
  const logRatio = logBeta - candidate * Math.log(share) - live * Math.log1p(-share);
  return Math.min(1, Math.exp(-logRatio));
}
