import type { Element } from "./answer";
import { MISMATCHES, type Comparison, type Mismatch, type TensorComparison } from "./compare";
import { kolmogorovSmirnov, populationStability } from "./distribution";
import { LogHistogram, type HistogramCounts } from "./log-histogram";

/** The request whose answers were furthest apart. */
export interface Worst {
  readonly request: string;
  /** Null where no number says how far: worse than any. */
  readonly distance: number | null;
}

/** Values of one answer that go into the distributions: evenly spaced ones of a larger tensor. */
export const VALUES_PER_ANSWER = 1000;
/** Outputs that are summed up; a server that invents names fills no memory. */
export const MAX_OUTPUTS = 64;
/** Characters of a request's id or an output's name that are kept. */
const MAX_NAME = 200;

/** How many of something, by name. */
type Counts<Name extends string> = Record<Name, number>;

const TENSOR_COUNTS = ["answers", "equal", "elements", "outside", "rows", "sameFirst", "sameSet"] as const;

class TensorSummary {
  readonly counts: Counts<(typeof TENSOR_COUNTS)[number]> = {
    answers: 0,
    equal: 0,
    elements: 0,
    outside: 0,
    rows: 0,
    sameFirst: 0,
    sameSet: 0,
  };
  readonly distances = new LogHistogram();
  readonly live = new LogHistogram();
  readonly candidate = new LogHistogram();
  worst: Worst | null = null;

  add(request: string, { elements, outside, worst, topK, live, candidate }: TensorComparison): void {
    const { counts } = this;
    counts.answers += 1;
    counts.equal += outside === 0 ? 1 : 0;
    counts.elements += elements;
    counts.outside += outside;
    counts.rows += topK?.rows ?? 0;
    counts.sameFirst += topK?.sameFirst ?? 0;
    counts.sameSet += topK?.sameSet ?? 0;
    this.distances.add(worst ?? Infinity);
    addValues(this.live, live);
    addValues(this.candidate, candidate);
    if (worst !== 0) this.worst = worseOf(this.worst, { request, distance: worst });
  }

  join(other: TensorSummary): void {
    for (const name of TENSOR_COUNTS) this.counts[name] += other.counts[name];
    this.distances.join(other.distances);
    this.live.join(other.live);
    this.candidate.join(other.candidate);
    this.worst = worseOf(this.worst, other.worst);
  }
}

function addValues(histogram: LogHistogram, elements: readonly Element[]): void {
  const step = Math.max(1, Math.ceil(elements.length / VALUES_PER_ANSWER));
  for (let i = 0; i < elements.length; i += step) {
    const value = elements[i]!;
    if (typeof value === "number" || typeof value === "bigint") histogram.add(Number(value));
  }
}

/** Of two equally bad ones that with the smaller id: the order in which they came does not matter. */
function worseOf(one: Worst | null, other: Worst | null): Worst | null {
  if (one === null || other === null) return one ?? other;
  const [a, b] = [one.distance ?? Infinity, other.distance ?? Infinity];
  if (a !== b) return a > b ? one : other;
  return one.request <= other.request ? one : other;
}

const REQUEST_COUNTS = ["requests", "equal", ...MISMATCHES, "otherOutputs"] as const;
type RequestCount = (typeof REQUEST_COUNTS)[number];

/** A summary in a form that JSON keeps. */
export interface StoredSummary {
  readonly counts: Readonly<Counts<RequestCount>>;
  readonly outputs: Readonly<Record<string, StoredTensor>>;
}

export interface StoredTensor {
  readonly counts: Readonly<Counts<(typeof TENSOR_COUNTS)[number]>>;
  readonly distances: HistogramCounts;
  readonly live: HistogramCounts;
  readonly candidate: HistogramCounts;
  readonly worst: Worst | null;
}

/**
 * Comparisons summed up in bounded memory. Summaries of several processes or of several spans of time can be joined, in any order,
 * with the same result as if one had seen all (of at most `MAX_OUTPUTS` outputs).
 */
export class ComparisonSummary {
  private readonly counts: Counts<RequestCount> = {
    requests: 0,
    equal: 0,
    missing: 0,
    unexpected: 0,
    datatype: 0,
    shape: 0,
    unusable: 0,
    otherOutputs: 0,
  };
  private readonly outputs = new Map<string, TensorSummary>();

  add(request: string, { equal, differences, tensors }: Comparison): void {
    this.counts.requests += 1;
    if (equal) this.counts.equal += 1;
    for (const { kind } of differences) if (kind !== "values") this.counts[kind satisfies Mismatch] += 1;
    for (const tensor of tensors) this.output(tensor.output)?.add(request.slice(0, MAX_NAME), tensor);
  }

  /** Adds what another one has seen. */
  join(other: ComparisonSummary): void {
    for (const name of REQUEST_COUNTS) this.counts[name] += other.counts[name];
    for (const [name, summary] of other.outputs) this.output(name)?.join(summary);
  }

  private output(named: string): TensorSummary | undefined {
    const name = named.slice(0, MAX_NAME);
    let summary = this.outputs.get(name);
    if (summary === undefined) {
      if (this.outputs.size >= MAX_OUTPUTS) {
        this.counts.otherOutputs += 1;
        return undefined;
      }
      this.outputs.set(name, (summary = new TensorSummary()));
    }
    return summary;
  }

  /** What people and dashboards want to know. */
  report(): ComparisonReport {
    return { ...this.counts, outputs: [...this.outputs].sort(byName).map(reportOf) };
  }

  toJSON(): StoredSummary {
    const stored = [...this.outputs].sort(byName).map(([name, tensor]): [string, StoredTensor] => [
      name,
      {
        counts: { ...tensor.counts },
        distances: tensor.distances.toJSON(),
        live: tensor.live.toJSON(),
        candidate: tensor.candidate.toJSON(),
        worst: tensor.worst,
      },
    ]);
    return { counts: { ...this.counts }, outputs: Object.fromEntries(stored) };
  }

  static of({ counts, outputs }: StoredSummary): ComparisonSummary {
    const summary = new ComparisonSummary();
    for (const name of REQUEST_COUNTS) summary.counts[name] = counts[name];
    for (const [name, stored] of Object.entries(outputs)) {
      const tensor = summary.output(name);
      if (tensor === undefined) continue;
      for (const count of TENSOR_COUNTS) tensor.counts[count] = stored.counts[count];
      tensor.distances.join(LogHistogram.of(stored.distances));
      tensor.live.join(LogHistogram.of(stored.live));
      tensor.candidate.join(LogHistogram.of(stored.candidate));
      tensor.worst = stored.worst;
    }
    return summary;
  }
}

const byName = ([one]: [string, unknown], [other]: [string, unknown]) =>
  one < other ? -1 : one > other ? 1 : 0;

export interface OutputReport extends Readonly<Counts<(typeof TENSOR_COUNTS)[number]>> {
  readonly output: string;
  /** Half of the answers and 99 % of them differ at most by so much, within 1 %; null where it is no number. */
  readonly p50Distance: number | null;
  readonly p99Distance: number | null;
  readonly worst: Worst | null;
  /** Of the values of both slots; null where there are none. */
  readonly kolmogorovSmirnov: number | null;
  readonly populationStability: number | null;
}

export interface ComparisonReport extends Readonly<Counts<RequestCount>> {
  readonly outputs: readonly OutputReport[];
}

const orNull = (value: number) => (Number.isFinite(value) ? value : null);

function reportOf([output, { counts, distances, live, candidate, worst }]: [
  string,
  TensorSummary,
]): OutputReport {
  return {
    output,
    ...counts,
    p50Distance: orNull(distances.quantile(0.5)),
    p99Distance: orNull(distances.quantile(0.99)),
    worst,
    kolmogorovSmirnov: orNull(kolmogorovSmirnov(live, candidate)),
    populationStability: orNull(populationStability(live, candidate)),
  };
}
