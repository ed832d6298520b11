import type { Cells } from "./histogram";
import { total } from "./total";

/** What is used of jStat: it has no types of its own. */
interface Distributions {
  readonly jStat: { readonly chisquare: { cdf(x: number, degreesOfFreedom: number): number } };
}

/** Below this a cell is too small for the chi-square distribution to hold (Cochran 1954). */
const LEAST_EXPECTED = 5;

/**
 * Upper tail of the chi-square distribution: exact to 1e-10, so that what is less reads as 0.
 * @param degreesOfFreedom 0 gives 1: one cell cannot differ
 */
export function chiSquareTail(statistic: number, degreesOfFreedom: number): number {
  if (degreesOfFreedom < 1 || !(statistic > 0)) return 1;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a server without baselines need not load it
  const { jStat } = require("jstat") as Distributions;
  return Math.min(1, Math.max(0, 1 - jStat.chisquare.cdf(statistic, degreesOfFreedom)));
}

/**
 * P-value of Pearson's test that two samples have one distribution: Σ (observed − expected)² / expected over both rows of the
 * table, with (cells − 1) degrees of freedom; scipy's `chi2_contingency(table, correction=False)`. Cells in which neither the
 * current sample's count nor what is expected of it reaches 5 are counted as one, and that one with the smallest other
 * where it does not reach 5 either: a single new value in a window is no evidence.
 */
export function chiSquarePValue(cells: Cells): number {
  const { reference, current } = pooled(cells);
  const then = total(reference);
  const now = total(current);
  let statistic = 0;
  for (let i = 0; i < reference.length; i++) {
    const both = reference[i]! + current[i]!;
    for (const [count, size] of [
      [reference[i]!, then],
      [current[i]!, now],
    ] as const) {
      const expected = (both * size) / (then + now);
      statistic += (count - expected) ** 2 / expected;
    }
  }
  return chiSquareTail(statistic, reference.length - 1);
}

/** Cells that are large enough, none of them empty on both sides. */
export function pooled({ reference, current }: Cells): Cells {
  const now = total(current);
  const share = now / (now + total(reference));
  const kept: [number, number][] = [];
  let rest: [number, number] = [0, 0];
  const reaches = ([then, seen]: readonly [number, number]) =>
    Math.max(seen, (then + seen) * share) >= LEAST_EXPECTED;
  const sum = (a: readonly [number, number], b: readonly [number, number]): [number, number] => [
    a[0] + b[0],
    a[1] + b[1],
  ];
  reference.forEach((then, i) => {
    const cell: [number, number] = [then, current[i]!];
    if (reaches(cell)) kept.push(cell);
    else rest = sum(rest, cell);
  });
  if (reaches(rest)) kept.push(rest);
  else if (kept.length > 0 && rest[0] + rest[1] > 0) {
    const smallest = kept.reduce((least, [then, seen], i) => {
      const [thenLeast, seenLeast] = kept[least]!;
      return then + seen < thenLeast + seenLeast ? i : least;
    }, 0);
    kept[smallest] = sum(kept[smallest]!, rest);
  }
  return { reference: kept.map(([then]) => then), current: kept.map(([, seen]) => seen) };
}
