import { total } from "./total";

/**
 * Greatest distance between two cumulative distributions at the edges that both were counted by, 0 to 1. Not above the
 * statistic of the values themselves, by which it is less at most what one bin holds.
 */
export function kolmogorovSmirnov(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const then = total(reference);
  const now = total(current);
  let below = 0;
  let belowNow = 0;
  let greatest = 0;
  for (let i = 0; i < reference.length; i++) {
    below += reference[i]! / then;
    belowNow += current[i]! / now;
    greatest = Math.max(greatest, Math.abs(below - belowNow));
  }
  return greatest;
}

/** From here on the terms of the series do not change a double. */
const MOST_TERMS = 100;

/**
 * Upper tail of Kolmogorov's distribution, 2 Σ (−1)^(k−1) exp(−2k²x²); scipy's `special.kolmogorov`. Below 0.2 it is 1 to
 * within 1e-12, and the series would need many terms.
 * @see Kolmogorov, "Sulla determinazione empirica di una legge di distribuzione", 1933
 */
export function kolmogorovTail(x: number): number {
  if (!(x > 0.2)) return 1;
  let sum = 0;
  for (let k = 1; k <= MOST_TERMS; k++) {
    const term = Math.exp(-2 * (k * x) ** 2);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-17) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

/**
 * P-value of the two-sample test, asymptotic, with Stephens' correction for small samples; conservative, since equal values
 * and bins make the statistic smaller.
 * @see Stephens, "Use of the Kolmogorov-Smirnov, Cramér-von Mises and related statistics without extensive tables", 1970
 */
export function kolmogorovSmirnovPValue(statistic: number, then: number, now: number): number {
  const root = Math.sqrt((then * now) / (then + now));
  return kolmogorovTail((root + 0.12 + 0.11 / root) * statistic);
}
