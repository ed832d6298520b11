import type { Metric, Registry } from "prom-client";
import type { Histogram } from "./histogram";

export type Labels = Readonly<Record<string, string>>;

/** One line of a metric, as prom-client's registry prints it. */
export interface Sample {
  readonly value: number;
  readonly labels: Readonly<Record<string, string | number>>;
  /** Labels that many samples have in common; prom-client formats such an object once. */
  readonly sharedLabels?: Labels;
  /** Where it differs from the metric's, e.g. `…_bucket`. */
  readonly metricName?: string;
}

export interface MetricHead {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly doc: string;
}

/**
 * Adds a metric whose values are read when Prometheus scrapes and cost nothing in between.
 * @param turn awaited before; what it yields to, requests above all, runs between two metrics of a long list
 */
export function registerCollected(
  registry: Registry,
  { name, type, doc }: MetricHead,
  collect: () => Iterable<Sample>,
  turn?: () => Promise<void> | undefined,
): void {
  const metric = {
    name,
    help: doc,
    type,
    aggregator: "sum",
    async get() {
      await turn?.();
      return { name, help: doc, type, aggregator: "sum", values: [...collect()] };
    },
    // What the registry's `resetMetrics` calls; counters of the server never go back.
    reset: () => undefined,
  };
  // The registry asks of a metric no more than this; its type names prom-client's own classes only.
  registry.registerMetric(metric as unknown as Metric);
}

const INFINITE = { le: "+Inf" };
const NONE = {};
const bounds = new Map<Float64Array, readonly { readonly le: number }[]>();

function boundLabels(of: Float64Array): readonly { readonly le: number }[] {
  let labels = bounds.get(of);
  if (!labels) bounds.set(of, (labels = Array.from(of, (le) => ({ le }))));
  return labels;
}

/** The lines of one series of a histogram. */
export function* histogramSamples(name: string, labels: Labels, histogram: Histogram): Generator<Sample> {
  let count = 0;
  const metricName = `${name}_bucket`;
  for (const [i, bound] of boundLabels(histogram.bounds).entries()) {
    count += histogram.buckets[i]!;
    yield { metricName, labels: bound, sharedLabels: labels, value: count };
  }
  yield { metricName, labels: INFINITE, sharedLabels: labels, value: histogram.count };
  yield { metricName: `${name}_sum`, labels: NONE, sharedLabels: labels, value: histogram.sum };
  yield { metricName: `${name}_count`, labels: NONE, sharedLabels: labels, value: histogram.count };
}
