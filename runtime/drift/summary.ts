import type { CategoricalBaseline, FeatureBaseline, NumericBaseline } from "./baseline";
import { total } from "./total";

/** What was seen of one feature: of fixed size, and mergeable with what other replicas saw of it. */
export type FeatureSummary = NumericSummary | CategoricalSummary;

/** A numeric summary as JSON. */
export interface NumericState {
  readonly kind: "numeric";
  readonly counts: readonly number[];
  readonly missing: number;
  /** Per bin, of the values less the baseline's mean. */
  readonly shiftedSums: readonly number[];
  readonly shiftedSquares: number;
  /** Null where no value was seen: JSON has no infinities. */
  readonly min: number | null;
  readonly max: number | null;
}

/** A categorical summary as JSON; counts in the order of the baseline's values. */
export interface CategoricalState {
  readonly kind: "categorical";
  readonly counts: readonly number[];
  readonly missing: number;
  readonly other: number;
}

export type FeatureState = NumericState | CategoricalState;

/** An empty summary whose bins, or values, are the baseline's. */
export function createSummary(feature: FeatureBaseline): FeatureSummary {
  return feature.kind === "numeric" ? new NumericSummary(feature) : new CategoricalSummary(feature);
}

/** Numbers, counted in the bins of a baseline. */
export class NumericSummary {
  readonly kind = "numeric";
  /** Per bin; bin i holds edges[i-1] < x <= edges[i]. */
  readonly counts: Float64Array;
  /** Values that were NaN or infinite. */
  missing = 0;
  min = Infinity;
  max = -Infinity;
  private readonly edges: Float64Array;
  /** Sums are of values less the baseline's mean: squares of large numbers that differ little would lose all their digits. */
  private readonly shift: number;
  /** Per bin. */
  private readonly shiftedSums: Float64Array;
  private shiftedSquares = 0;

  constructor({ edges, mean }: Pick<NumericBaseline, "edges" | "mean">) {
    this.edges = Float64Array.from(edges);
    this.counts = new Float64Array(edges.length + 1);
    this.shiftedSums = new Float64Array(edges.length + 1);
    this.shift = mean;
  }

  /** Finite values. */
  get count(): number {
    return total(this.counts);
  }

  /** NaN where nothing was seen. */
  get mean(): number {
    return this.shift + total(this.shiftedSums) / this.count;
  }

  /** Of each bin's values; 0 of an empty one. */
  get binMeans(): number[] {
    return Array.from(this.counts, (count, i) =>
      count === 0 ? 0 : this.shift + this.shiftedSums[i]! / count,
    );
  }

  /** Of the sample, n - 1; NaN below two values. */
  get standardDeviation(): number {
    const { count } = this;
    const squares = this.shiftedSquares - total(this.shiftedSums) ** 2 / count;
    return count < 2 ? NaN : Math.sqrt(Math.max(0, squares) / (count - 1));
  }

  add(value: number): void {
    // An infinity less itself is NaN, as NaN is.
    if (value - value !== 0) {
      this.missing++;
      return;
    }
    const { edges } = this;
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (value <= edges[middle]!) high = middle;
      else low = middle + 1;
    }
    this.counts[low]!++;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    const shifted = value - this.shift;
    this.shiftedSums[low]! += shifted;
    this.shiftedSquares += shifted * shifted;
  }

  /** Adds `values[offset]`, `values[offset + stride]`, and so on to the end: one column of a row-major tensor. */
  addAll(values: ArrayLike<number>, offset = 0, stride = 1): void {
    for (let i = offset; i < values.length; i += stride) this.add(values[i]!);
  }

  /** Adds what another summary with the same baseline saw. @throws Error where the bins differ */
  merge(other: NumericSummary): void {
    const same =
      other.edges.length === this.edges.length &&
      other.shift === this.shift &&
      this.edges.every((edge, i) => edge === other.edges[i]);
    if (!same) throw new Error("Summaries with different bins cannot be merged.");
    this.addState(other.toJSON());
  }

  reset(): void {
    this.counts.fill(0);
    this.shiftedSums.fill(0);
    this.missing = this.shiftedSquares = 0;
    this.min = Infinity;
    this.max = -Infinity;
  }

  toJSON(): NumericState {
    const { missing, shiftedSquares, min, max } = this;
    const some = min <= max;
    return {
      kind: "numeric",
      counts: [...this.counts],
      missing,
      shiftedSums: [...this.shiftedSums],
      shiftedSquares,
      min: some ? min : null,
      max: some ? max : null,
    };
  }

  /** Adds what `toJSON` of a summary with the same baseline gave. @throws Error where it has another number of bins */
  addState(state: NumericState): void {
    requireCounts(state.counts, this.counts);
    state.counts.forEach((count, i) => (this.counts[i]! += count));
    this.missing += state.missing;
    state.shiftedSums.forEach((sum, i) => (this.shiftedSums[i]! += sum));
    this.shiftedSquares += state.shiftedSquares;
    this.min = Math.min(this.min, state.min ?? Infinity);
    this.max = Math.max(this.max, state.max ?? -Infinity);
  }
}

/** Texts, counted by the values that a baseline lists; all others together, so that identifiers cannot fill the memory. */
export class CategoricalSummary {
  readonly kind = "categorical";
  /** The baseline's values, in the order of `counts`. */
  readonly values: readonly string[];
  readonly counts: Float64Array;
  /** Empty texts. */
  missing = 0;
  /** Values that the baseline does not list. */
  other = 0;
  private readonly places: ReadonlyMap<string, number>;

  constructor({ values }: Pick<CategoricalBaseline, "values">) {
    this.values = Object.keys(values);
    this.counts = new Float64Array(this.values.length);
    this.places = new Map(this.values.map((value, i) => [value, i]));
  }

  /** Texts that were not empty. */
  get count(): number {
    return this.other + total(this.counts);
  }

  /** @param times how often it was seen */
  add(value: string, times = 1): void {
    const place = this.places.get(value);
    if (place !== undefined) this.counts[place]! += times;
    else if (value === "") this.missing += times;
    else this.other += times;
  }

  /** As for numbers: every `stride`-th value from `offset` on, as text. */
  addAll(values: ArrayLike<string | number | bigint | boolean>, offset = 0, stride = 1): void {
    for (let i = offset; i < values.length; i += stride) this.add(String(values[i]));
  }

  /** Adds what another summary with the same baseline saw. @throws Error where the values differ */
  merge(other: CategoricalSummary): void {
    if (
      other.values.length !== this.values.length ||
      other.values.some((value, i) => value !== this.values[i])
    )
      throw new Error("Summaries with different values cannot be merged.");
    this.addState(other.toJSON());
  }

  reset(): void {
    this.counts.fill(0);
    this.missing = this.other = 0;
  }

  toJSON(): CategoricalState {
    return { kind: "categorical", counts: [...this.counts], missing: this.missing, other: this.other };
  }

  /** Adds what `toJSON` of a summary with the same baseline gave. @throws Error where it has another number of values */
  addState(state: CategoricalState): void {
    requireCounts(state.counts, this.counts);
    state.counts.forEach((count, i) => (this.counts[i]! += count));
    this.missing += state.missing;
    this.other += state.other;
  }
}

/** Merges two summaries of one feature. @throws Error where they are of different baselines */
export function mergeSummary(into: FeatureSummary, from: FeatureSummary): void {
  if (into instanceof NumericSummary && from instanceof NumericSummary) into.merge(from);
  else if (into instanceof CategoricalSummary && from instanceof CategoricalSummary) into.merge(from);
  else throw new Error(`A ${from.kind} summary cannot be merged into a ${into.kind} one.`);
}

/** A summary as `toJSON` gave it. @throws Error where it is not of this baseline */
export function summaryFromJSON(feature: FeatureBaseline, state: FeatureState): FeatureSummary {
  const summary = createSummary(feature);
  if (summary.kind === "numeric" && state.kind === "numeric") summary.addState(state);
  else if (summary.kind === "categorical" && state.kind === "categorical") summary.addState(state);
  else throw new Error(`A ${state.kind} summary is not of a ${feature.kind} feature.`);
  return summary;
}

function requireCounts(given: readonly number[], own: Float64Array): void {
  if (given.length !== own.length)
    throw new Error(`A summary with ${given.length} counts is not of a baseline with ${own.length}.`);
}
