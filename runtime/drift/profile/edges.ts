/** The largest double below a number. */
function below(value: number): number {
  const view = new DataView(new ArrayBuffer(8));
  if (value === 0) return -Number.MIN_VALUE;
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  view.setBigInt64(0, value > 0 ? bits - 1n : bits + 1n);
  return view.getFloat64(0);
}

/**
 * Edges of bins that hold about as many values each: the quantiles at 1/bins, 2/bins, …, each once. A value that takes a bin's
 * share or more for itself gets a bin of its own, so that values beside it do not disappear in it.
 * @param sorted finite, ascending; at least one
 * @returns ascending; bins are (edge before, edge]
 */
export function quantileEdges(sorted: Float64Array, bins: number): number[] {
  const edges = new Set<number>();
  let before: number | undefined;
  for (let i = 1; i < bins; i++) {
    const edge = sorted[Math.max(0, Math.ceil((i / bins) * sorted.length) - 1)]!;
    if (edge === before) edges.add(largestBelow(sorted, edge) ?? below(edge));
    edges.add(edge);
    before = edge;
  }
  return [...edges].sort((a, b) => a - b);
}

function largestBelow(sorted: Float64Array, value: number): number | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? undefined : sorted[low - 1];
}
