/**
 * P-values adjusted for their number by Benjamini and Hochberg: those at most alpha are, on average, wrong in a share of at
 * most alpha; scipy's `stats.false_discovery_control(method="bh")`. Holds for independent tests and for those that depend
 * positively on each other.
 * @see Benjamini, Hochberg, "Controlling the false discovery rate", 1995
 * @param pValues 0 to 1 @returns in the same order
 */
export function adjustedPValues(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = new Array<number>(pValues.length);
  let least = 1;
  order.forEach((place, fromLargest) => {
    const rank = pValues.length - fromLargest;
    least = Math.min(least, (pValues[place]! * pValues.length) / rank);
    adjusted[place] = least;
  });
  return adjusted;
}
