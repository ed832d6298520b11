import type { Datatype } from "../../dataplane/datatypes";
import type { CategoricalBaseline, FeatureBaseline, NumericBaseline } from "../baseline";
import { isText, isWhole, type CategoricalSink, type NumericSink } from "../features";
import type { FeatureSummary } from "../summary";
import { quantileEdges } from "./edges";

/** Values of one feature that are kept; further ones are only counted, in a second pass. */
const MOST_VALUES = 1_000_000;
/** Different texts of one feature that are told apart while they are counted. */
const MOST_TEXTS = 200_000;
/** Whole numbers with more different values are binned. */
const MOST_WHOLE_VALUES = 20;
/** Values that a categorical feature lists. */
const MOST_LISTED_VALUES = 50;
/** Share of the rows that a listed value has at least: identifiers, each seen once, are all `other`, and say nothing of drift. */
const LEAST_LISTED_SHARE = 0.005;

/** Keeps what a sample has of one feature, until it is known how to count it. */
export type Collector = NumberCollector | TextCollector;

export function createCollector(datatype: Datatype): Collector {
  return isText(datatype) ? new TextCollector() : new NumberCollector(isWhole(datatype));
}

export class NumberCollector implements NumericSink {
  readonly kind = "numeric";
  isWhole = true;
  private values = new Float64Array(1024);
  private length = 0;

  constructor(private readonly mayBeCategories: boolean) {}

  add(value: number): void {
    if (this.length === this.values.length) {
      if (this.length >= MOST_VALUES) {
        this.isWhole = false;
        return;
      }
      const larger = new Float64Array(Math.min(MOST_VALUES, 2 * this.length));
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length++] = value;
  }

  addAll(values: ArrayLike<number>, offset = 0, stride = 1): void {
    for (let i = offset; i < values.length; i += stride) this.add(values[i]!);
  }

  /** How it is counted: with bins, or values, but without counts. Undefined where no value is finite. */
  frame(bins: number): FeatureBaseline | undefined {
    const finite = this.values.subarray(0, this.length).filter(Number.isFinite);
    if (finite.length === 0) return undefined;
    if (this.mayBeCategories) {
      const different = new Set<number>();
      for (const value of finite) if (different.size <= MOST_WHOLE_VALUES) different.add(value);
      if (different.size <= MOST_WHOLE_VALUES)
        return emptyCategorical([...different].sort((a, b) => a - b).map(String));
    }
    const mean = finite.reduce((sum, value) => sum + value / finite.length, 0);
    return emptyNumeric(quantileEdges(finite.sort(), bins), mean);
  }

  /** Counts what was kept. */
  countInto(summary: FeatureSummary): void {
    const kept = this.values.subarray(0, this.length);
    if (summary.kind === "numeric") summary.addAll(kept);
    else summary.addAll(kept);
  }
}

export class TextCollector implements CategoricalSink {
  readonly kind = "categorical";
  isWhole = true;
  private readonly counts = new Map<string, number>();

  add(value: string): void {
    const count = this.counts.get(value);
    if (count === undefined && this.counts.size >= MOST_TEXTS) this.isWhole = false;
    else this.counts.set(value, (count ?? 0) + 1);
  }

  addAll(values: ArrayLike<string | number>, offset = 0, stride = 1): void {
    for (let i = offset; i < values.length; i += stride) this.add(String(values[i]));
  }

  /** The most frequent values, where they are frequent at all; undefined where every text is empty. */
  frame(): FeatureBaseline | undefined {
    const texts = [...this.counts].filter(([text]) => text !== "");
    if (texts.length === 0) return undefined;
    texts.sort(([a, often], [b, seldom]) => seldom - often || (a < b ? -1 : 1));
    const least = LEAST_LISTED_SHARE * texts.reduce((sum, [, count]) => sum + count, 0);
    const frequent = texts.slice(0, MOST_LISTED_VALUES).filter(([, count]) => count >= least);
    return emptyCategorical(frequent.map(([text]) => text));
  }

  countInto(summary: FeatureSummary): void {
    if (summary.kind !== "categorical") return;
    for (const [text, count] of this.counts) summary.add(text, count);
  }
}

function emptyCategorical(values: readonly string[]): CategoricalBaseline {
  // `fromEntries` takes any text for a key, also `__proto__`.
  const counts = Object.fromEntries(values.map((value) => [value, 0]));
  return { kind: "categorical", count: 0, missing: 0, values: counts, other: 0 };
}

function emptyNumeric(edges: readonly number[], mean: number): NumericBaseline {
  const counts = edges.map(() => 0).concat(0);
  return { kind: "numeric", count: 0, missing: 0, min: 0, max: 0, mean, standardDeviation: 0, edges, counts };
}

/** A frame with the counts of what was seen. */
export function counted(frame: FeatureBaseline, summary: FeatureSummary): FeatureBaseline {
  const { count, missing } = summary;
  if (frame.kind === "categorical" && summary.kind === "categorical") {
    const counts = summary.values.map((value, i) => [value, summary.counts[i]!] as const);
    return { kind: "categorical", count, missing, values: Object.fromEntries(counts), other: summary.other };
  }
  if (frame.kind !== "numeric" || summary.kind !== "numeric")
    throw new TypeError("Frame and summary differ.");
  const { min, max, mean, standardDeviation } = summary;
  const deviation = count < 2 ? 0 : standardDeviation;
  return {
    kind: "numeric",
    count,
    missing,
    min,
    max,
    mean,
    standardDeviation: deviation,
    edges: frame.edges,
    counts: [...summary.counts],
    binMeans: summary.binMeans,
  };
}
