/** How far two distributions lie apart: the metrics of drift gates. `live` is the reference; both hold at least one value. */

/** Bins of numbers: tenths of the reference. */
const BINS = 10;
/** Takes the place of an empty bin's share, which no logarithm could take. */
const LEAST_SHARE = 1e-4;

/**
 * Greatest distance between the two empirical cumulative distributions, 0 to 1; equal values are stepped over together.
 * @see scipy's `ks_2samp(…).statistic`
 */
export function kolmogorovSmirnov(live: readonly number[], candidate: readonly number[]): number {
  const a = Float64Array.from(live).sort();
  const b = Float64Array.from(candidate).sort();
  let greatest = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! <= value) i++;
    while (j < b.length && b[j]! <= value) j++;
    greatest = Math.max(greatest, Math.abs(i / a.length - j / b.length));
  }
  return greatest;
}

/**
 * Population stability index: Σ (c − l)·ln(c / l) over the shares of candidate and live in each of ten bins, bounded by the tenths of
 * live's numbers. Commonly read as: below 0.1 the same, from 0.25 on another population. A share below 0.0001 counts as that.
 * @see Siddiqi, "Credit Risk Scorecards", 2006
 */
export function populationStability(live: readonly number[], candidate: readonly number[]): number {
  const sorted = Float64Array.from(live).sort();
  const bounds = new Set<number>();
  for (let bin = 1; bin < BINS; bin++) bounds.add(quantile(sorted, bin / BINS));
  // Values that many have in common make bounds coincide: fewer bins then.
  const edges = [...bounds];
  const shares = (values: readonly number[]) => {
    const counts = new Array<number>(edges.length + 1).fill(0);
    for (const value of values) counts[edges.filter((edge) => value > edge).length]!++;
    return counts.map((count) => count / values.length);
  };
  return stability(shares(live), shares(candidate));
}

/** The same over classes, each a bin of its own. */
export function classStability(live: readonly string[], candidate: readonly string[]): number {
  const classes = [...new Set([...live, ...candidate])];
  const shares = (values: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return classes.map((name) => (counts.get(name) ?? 0) / values.length);
  };
  return stability(shares(live), shares(candidate));
}

function stability(live: readonly number[], candidate: readonly number[]): number {
  return live.reduce((sum, share, bin) => {
    const l = Math.max(share, LEAST_SHARE);
    const c = Math.max(candidate[bin]!, LEAST_SHARE);
    return sum + (c - l) * Math.log(c / l);
  }, 0);
}

/** Linear between neighbours, as numpy's default. */
function quantile(sorted: Float64Array, at: number): number {
  const position = (sorted.length - 1) * at;
  const below = Math.floor(position);
  const lower = sorted[below]!;
  return lower + (sorted[Math.min(below + 1, sorted.length - 1)]! - lower) * (position - below);
}
