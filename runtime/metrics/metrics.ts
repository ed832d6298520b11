import { collectDefaultMetrics, Registry } from "prom-client";
import { METRIC } from "../contract";
import { ERRORS, type ErrorCode } from "../errors";
import { histogramSamples, registerCollected, type Labels, type Sample } from "./collected";
import type { Histogram } from "./histogram";
import { MAX_METRIC_MODELS, METRICS } from "./metric-table";
import type { ModelMetrics } from "./model-metrics";
import { SeriesTable, type Series } from "./series";
import { modelStatistics, type ModelStatistics } from "./statistics";
import { registerTritonMetrics } from "./triton-metrics";
import type { VersionCounters } from "./version-counters";
import type { LoadCounts } from "./version-metrics";

export { METRICS } from "./metric-table";

/**
 * Milliseconds between two looks at how late the event loop is. Each wakes the main thread, also in the middle of a worker's run on the
 * same core, whose caches it spoils: the library's 10 ms took three of four wakings beside a model of 13 ms.
 */
const LAG_SAMPLE_MS = 100;

export interface MetricsOptions {
  /** @default MAX_METRIC_MODELS */
  readonly maxMetricModels?: number;
  /** Show them under Triton's names as well. @default false */
  readonly tritonMetrics?: boolean;
}

type Key = keyof typeof METRICS;

const CODES = Object.keys(ERRORS) as ErrorCode[];
/** The codes of 503. */
const REJECTIONS = CODES.filter((code) => ERRORS[code].http === 503);
/** What is to be seen at 0, since a counter that begins with its first burst has no increase for Prometheus: the server's own faults. */
const FAULTS = CODES.filter((code) => ERRORS[code].http >= 500);

/** Requests for models that do not exist or cannot serve share one series: clients cannot make series at will. */
const UNRESOLVED: Labels = { model: "", version: "" };

/**
 * Everything that is counted of inferences. Values are added up in plain numbers where they arise and turned into series
 * when Prometheus scrapes; prom-client prints them and adds the metrics of the process.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly table: SeriesTable;
  private readonly refusals = new Map<ErrorCode, number>();
  private readonly payloads = new DeliveryCounts();
  private readonly shadow = new DeliveryCounts();
  private certificateExpiry: (() => number | undefined) | undefined;

  /** @param serverReady read when Prometheus scrapes */
  constructor(
    serverReady: () => boolean,
    { maxMetricModels = MAX_METRIC_MODELS, tritonMetrics = false }: MetricsOptions = {},
  ) {
    this.table = new SeriesTable(maxMetricModels);
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: LAG_SAMPLE_MS });
    this.registerCounters();
    this.registerHistograms();
    this.registerDelivery("payloadEntries", "payloadsDropped", this.payloads);
    this.registerDelivery("shadowSent", "shadowDropped", this.shadow);
    this.registerGauges(serverReady);
    if (tritonMetrics) registerTritonMetrics(this.registry, this.table);
  }

  /** A request was refused before a model was found. */
  unresolved(code: ErrorCode): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  /** What one loading of a model version reports to; `remove` it when that has ended. */
  forModel(model: string, version: string): ModelMetrics {
    return this.table.add(model, version);
  }

  /** A request had to wait until this version was loaded. */
  coldLoaded(model: string, version: string): void {
    this.table.lasting(model, version).coldLoads++;
  }

  /** This version was unloaded to make room. */
  evicted(model: string, version: string): void {
    this.table.lasting(model, version).evictions++;
  }

  /** @param expiry Unix seconds, read when Prometheus scrapes */
  watchCertificate(expiry: () => number | undefined): void {
    this.certificateExpiry = expiry;
  }

  payloadEntries(count: number): void {
    this.payloads.delivered += count;
  }

  payloadsDropped(reason: string, count: number): void {
    this.payloads.drop(reason, count);
  }

  shadowSent(count: number): void {
    this.shadow.delivered += count;
  }

  shadowDropped(reason: string, count: number): void {
    this.shadow.drop(reason, count);
  }

  /** Statistics of every loaded version, or of those of one model, or of one version. */
  statistics(model?: string, version?: string): ModelStatistics[] {
    return [...this.table.loaded()]
      .filter((entry) => model === undefined || entry.model === model)
      .filter((entry) => version === undefined || entry.version === version)
      .map((entry) => modelStatistics(entry.model, entry.version, entry.counters))
      .sort((a, b) => (a.name === b.name ? Number(a.version) - Number(b.version) : a.name < b.name ? -1 : 1));
  }

  private registerCounters(): void {
    this.register("requests", () => [
      ...this.each((series) => {
        const { success, failures } = series.counters;
        const shown = isLoaded(series);
        return [
          // With its faults at 0 and its first answers not, a version would seem to do nothing but fail.
          ...(shown || success.count > 0 ? [{ labels: { code: "OK" }, value: success.count }] : []),
          ...byCode("code", failures),
          ...(shown ? zeros("code", failures, FAULTS) : []),
        ];
      }),
      ...labelled(UNRESOLVED, [...byCode("code", this.refusals), ...zeros("code", this.refusals, FAULTS)]),
    ]);
    this.register("rejected", () => [
      ...this.each((series) => rejections(series.counters.failures, isLoaded(series))),
      ...labelled(UNRESOLVED, rejections(this.refusals, true)),
    ]);
    this.number("cacheHits", ({ counters }) => (caches(counters) ? counters.cacheHit.count : undefined));
    this.number("cacheMisses", ({ counters }) => (caches(counters) ? counters.cacheMiss.count : undefined));
    this.number("workerRestarts", ({ counters }) => counters.workerRestarts);
    for (const key of ["coldLoads", "evictions"] as const) {
      this.register(key, () =>
        this.table.lastingCounts().map(({ labels, ...counts }) => ({ labels, value: counts[key] })),
      );
    }
  }

  private registerDelivery(delivered: Key, dropped: Key, counts: DeliveryCounts): void {
    this.register(delivered, () => (counts.delivered > 0 ? [{ labels: {}, value: counts.delivered }] : []));
    this.register(dropped, () =>
      [...counts.dropped].map(([reason, value]) => ({ labels: { reason }, value })),
    );
  }

  private registerHistograms(): void {
    this.histogram("requestDuration", (counters) => counters.request);
    this.histogram("queueDuration", (counters) => counters.queue);
    this.histogram("assemblyDuration", (counters) => counters.assembly);
    this.histogram("computeDuration", (counters) => counters.compute);
    this.histogram("serialisationDuration", (counters) => counters.serialisation);
    this.histogram("batchSize", (counters) => counters.batchSize);
  }

  private registerGauges(serverReady: () => boolean): void {
    this.number("inflight", (series) => total(series, "inflight"));
    this.number("pending", (series) => total(series, "pending"));
    this.number("queueCapacity", (series) => total(series, "queueCapacity") || undefined);
    this.number("cacheBytes", (series) =>
      caches(series.counters) ? total(series, "cacheBytes") : undefined,
    );
    this.number("modelMemory", ({ loadings }) => {
      const known = loadings.flatMap(({ memoryBytes }) => memoryBytes ?? []);
      return known.length > 0 ? known.reduce((sum, bytes) => sum + bytes) : undefined;
    });
    // What cannot be added up is not said of versions that share a series.
    const latest = ({ shared, loadings }: Series) => {
      if (shared) return undefined;
      const newestFirst = [...loadings].reverse();
      return newestFirst.find(({ isReady }) => isReady) ?? newestFirst.find(({ read }) => read !== undefined);
    };
    // While a version is loaded again, and where that fails, the one from before serves.
    this.number("modelReady", ({ shared, loadings }) =>
      shared ? undefined : loadings.some(({ isReady }) => isReady) ? 1 : 0,
    );
    this.number("modelLoadDuration", (series) => latest(series)?.loadSeconds);
    this.number("chosenBatchSize", (series) => latest(series)?.chosen?.maxBatchSize);
    this.number("chosenQueueDelay", (series) => latest(series)?.chosen?.maxQueueDelaySeconds);
    this.register("serverReady", () => [{ labels: {}, value: serverReady() ? 1 : 0 }]);
    this.register("certificateExpiry", () => {
      const value = this.certificateExpiry?.();
      return value === undefined ? [] : [{ labels: {}, value }];
    });
  }

  private register(key: Key, collect: () => Iterable<Sample>): void {
    registerCollected(this.registry, { name: METRIC[key], ...METRICS[key] }, collect, () =>
      this.table.turn(),
    );
  }

  /** A metric with one value per series, or none where `read` knows none. */
  private number(key: Key, read: (series: Series) => number | undefined): void {
    this.register(key, () =>
      this.table.series().flatMap((series) => {
        const value = read(series);
        return value === undefined ? [] : { labels: series.labels, value };
      }),
    );
  }

  private histogram(key: Key, read: (counters: VersionCounters) => Histogram): void {
    this.register(key, () =>
      this.table.series().flatMap(({ labels, counters }) => {
        const histogram = read(counters);
        // A version that nobody has asked yet would only take up room.
        return histogram.count === 0 ? [] : [...histogramSamples(METRIC[key], labels, histogram)];
      }),
    );
  }

  private each(samples: (series: Series) => Sample[]): Sample[] {
    return this.table.series().flatMap((series) => labelled(series.labels, samples(series)));
  }
}

/** What has been handed on of requests, and what was dropped. */
class DeliveryCounts {
  delivered = 0;
  readonly dropped = new Map<string, number>();

  drop(reason: string, count: number): void {
    this.dropped.set(reason, (this.dropped.get(reason) ?? 0) + count);
  }
}

function labelled(common: Labels, samples: Sample[]): Sample[] {
  return samples.map(({ labels, value }) => ({ labels: { ...common, ...labels }, value }));
}

type Counts = ReadonlyMap<ErrorCode, number>;

const byCode = (label: string, counts: Counts): Sample[] =>
  [...counts].map(([code, value]) => ({ labels: { [label]: code }, value }));

/** Those of the codes that have not occurred. */
const zeros = (label: string, counts: Counts, codes: readonly ErrorCode[]): Sample[] =>
  codes.flatMap((code) => (counts.has(code) ? [] : { labels: { [label]: code }, value: 0 }));

const rejections = (counts: Counts, shown: boolean): Sample[] =>
  REJECTIONS.flatMap((code) => {
    const value = counts.get(code) ?? (shown ? 0 : undefined);
    return value === undefined ? [] : { labels: { reason: code }, value };
  });

const isLoaded = ({ loadings }: Series): boolean => loadings.some(({ read }) => read !== undefined);

function caches({ cacheHit, cacheMiss }: VersionCounters): boolean {
  return cacheHit.count + cacheMiss.count > 0;
}

function total({ loadings }: Series, key: keyof LoadCounts): number | undefined {
  const counts = loadings.flatMap(({ read }) => (read ? read() : []));
  return counts.length > 0 ? counts.reduce((sum, count) => sum + (count[key] ?? 0), 0) : undefined;
}
