import type { LogHistogram } from "./log-histogram";

/** Parts of the live slot's numbers that the population stability index is taken over: tenths. */
export const PARTS = 10;

/** Counts of both at every bin that either has. */
function together(
  live: LogHistogram,
  candidate: LogHistogram,
): [bin: number, live: number, candidate: number][] {
  const ours = new Map(live.sorted());
  const theirs = new Map(candidate.sorted());
  const bins = [...new Set([...ours.keys(), ...theirs.keys()])].sort((a, b) => a - b);
  return bins.map((bin) => [bin, ours.get(bin) ?? 0, theirs.get(bin) ?? 0]);
}

/**
 * Greatest distance between the two cumulative distributions, from 0 to 1 (two-sample Kolmogorov-Smirnov statistic); numbers
 * within 2 % of each other count as one. NaN where either has none. No p-value: both answered the same requests, so that they
 * are not two samples, and with many requests every difference is significant; bound the distance itself.
 */
export function kolmogorovSmirnov(live: LogHistogram, candidate: LogHistogram): number {
  if (live.count === 0 || candidate.count === 0) return NaN;
  let below = 0;
  let theirsBelow = 0;
  let greatest = 0;
  for (const [, ours, theirs] of together(live, candidate)) {
    below += ours;
    theirsBelow += theirs;
    greatest = Math.max(greatest, Math.abs(below / live.count - theirsBelow / candidate.count));
  }
  return greatest;
}

/**
 * Population stability index: Σ (qᵢ − pᵢ) ln(qᵢ / pᵢ) over tenths of the live slot's numbers, p and q being the shares of both. By
 * the rule of thumb below 0.1 is stable and above 0.25 is a shift. Half a number is added to each part, so that an empty one is
 * finite. NaN where either has none.
 */
export function populationStability(live: LogHistogram, candidate: LogHistogram): number {
  if (live.count === 0 || candidate.count === 0) return NaN;
  const parts: { live: number; candidate: number }[] = [{ live: 0, candidate: 0 }];
  let seen = 0;
  for (const [, ours, theirs] of together(live, candidate)) {
    // Numbers beyond the last of the live slot's still belong to its last part.
    const partIsFull = seen * PARTS >= parts.length * live.count && seen < live.count;
    if (partIsFull) parts.push({ live: 0, candidate: 0 });
    const part = parts.at(-1)!;
    part.live += ours;
    part.candidate += theirs;
    seen += ours;
  }
  const share = (count: number, of: number) => (count + 0.5) / (of + 0.5 * parts.length);
  return parts.reduce((sum, part) => {
    const p = share(part.live, live.count);
    const q = share(part.candidate, candidate.count);
    return sum + (q - p) * Math.log(q / p);
  }, 0);
}
