import type { Element } from "./answer";

/** How far both agree on which elements of a row are the largest. */
export interface TopKAgreement {
  readonly rows: number;
  /** Rows whose largest element is the same one. */
  readonly sameFirst: number;
  /** Rows whose k largest are the same ones, in whatever order. */
  readonly sameSet: number;
}

/** Places of the k largest, the largest first; of equal ones the first. NaN and what is no number come last. */
function largest(elements: readonly Element[], from: number, length: number, k: number): number[] {
  const rank = (i: number) => {
    const value = Number(elements[from + i] ?? NaN);
    return Number.isNaN(value) ? -Infinity : value;
  };
  const kept: number[] = [];
  for (let i = 0; i < length; i++) {
    const value = rank(i);
    if (kept.length === k && value <= rank(kept[k - 1]!)) continue;
    let at = kept.length;
    while (at > 0 && rank(kept[at - 1]!) < value) at--;
    kept.splice(at, 0, i);
    if (kept.length > k) kept.pop();
  }
  return kept;
}

/** Compares the k largest elements of each row; rows that have fewer are compared as a whole. */
export function topKAgreement(
  live: readonly Element[],
  candidate: readonly Element[],
  rowLength: number,
  k: number,
): TopKAgreement {
  const rows = rowLength === 0 ? 0 : live.length / rowLength;
  let sameFirst = 0;
  let sameSet = 0;
  for (let row = 0; row < rows; row++) {
    const ours = largest(live, row * rowLength, rowLength, k);
    const theirs = largest(candidate, row * rowLength, rowLength, k);
    if (ours[0] === theirs[0]) sameFirst++;
    const set = new Set(theirs);
    if (ours.every((place) => set.has(place))) sameSet++;
  }
  return { rows, sameFirst, sameSet };
}
