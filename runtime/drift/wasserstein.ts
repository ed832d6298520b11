import { total } from "./total";

/** A histogram of values between `min` and `max`. */
export interface Binned {
  readonly counts: ArrayLike<number>;
  readonly min: number;
  readonly max: number;
  /** Of each bin's values; left out, a bin's values are taken to be spread evenly. */
  readonly binMeans?: readonly number[];
}

/** Knots of a cumulative distribution, which is linear between them; it jumps where two are at the same place. */
interface Cumulative {
  readonly at: readonly number[];
  readonly share: readonly number[];
}

/**
 * Wasserstein-1 distance between two histograms with the same edges, ∫ |F − G| dx, in the feature's unit. F and G are exact
 * at the edges and at their ends. Within a bin the values are taken to be spread evenly over the part of it, from its lower or
 * up to its upper end, whose middle is their mean. So the mean of the whole is exact, and with it the distance where neither
 * distribution crosses the other; elsewhere it differs by at most Σ width · (share then + share now) / 2 over the bins.
 * @see Vallender, "Calculation of the Wasserstein distance between probability distributions on the line", 1974
 */
export function wasserstein(edges: readonly number[], reference: Binned, current: Binned): number {
  const then = cumulative(edges, reference);
  const now = cumulative(edges, current);
  const knots = [...new Set([...then.at, ...now.at])].sort((a, b) => a - b);
  let distance = 0;
  for (let i = 1; i < knots.length; i++) {
    const low = knots[i - 1]!;
    const high = knots[i]!;
    // A jump is to the right of its knot: the difference is taken from there to the left of the next.
    const left = valueAt(then, low, true) - valueAt(now, low, true);
    const right = valueAt(then, high, false) - valueAt(now, high, false);
    distance += (high - low) * meanOfAbsolute(left, right);
  }
  return distance;
}

/** Of a straight line from `left` to `right`. */
function meanOfAbsolute(left: number, right: number): number {
  if (left * right >= 0) return Math.abs(left + right) / 2;
  return (left * left + right * right) / (2 * Math.abs(right - left));
}

function cumulative(edges: readonly number[], { counts, min, max, binMeans }: Binned): Cumulative {
  const all = total(counts);
  const at: number[] = [];
  const share: number[] = [];
  let below = 0;
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue;
    const low = Math.max(edges[i - 1] ?? min, min);
    const high = Math.min(edges[i] ?? max, max);
    const [from, to] = spread(low, high, binMeans?.[i]);
    at.push(from);
    share.push(below / all);
    below += counts[i]!;
    at.push(to);
    share.push(below / all);
  }
  return { at, share };
}

/** The widest part of a bin, from one of its ends, whose middle is the mean. */
function spread(low: number, high: number, mean: number | undefined): [number, number] {
  if (mean === undefined) return [low, high];
  // A mean is rounded: it must not lead out of the bin.
  if (mean <= (low + high) / 2) return [low, Math.max(low, 2 * mean - low)];
  return [Math.min(high, 2 * mean - high), high];
}

/** @param right whether a jump at this very place is counted in */
function valueAt({ at, share }: Cumulative, x: number, right: boolean): number {
  let i = -1;
  while (i + 1 < at.length && (right ? at[i + 1]! <= x : at[i + 1]! < x)) i++;
  if (i < 0) return 0;
  if (i === at.length - 1) return 1;
  return share[i]! + ((x - at[i]!) / (at[i + 1]! - at[i]!)) * (share[i + 1]! - share[i]!);
}
