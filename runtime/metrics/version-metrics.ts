import type { ErrorCode } from "../errors";
import type { ModelMetrics, RunCost } from "./model-metrics";
import type { VersionCounters } from "./version-counters";

/** What is read of a loaded version when Prometheus scrapes. */
export interface LoadCounts {
  readonly inflight: number;
  readonly pending: number;
  readonly cacheBytes: number;
  /** Requests that may wait; undefined where there is no queue. */
  readonly queueCapacity?: number;
}

/**
 * What one loading of a model version reports. Counters belong to the version and outlive a reload of it; the gauges are
 * the loading's own, because for a moment the old and the new one both serve.
 */
export class VersionMetrics implements ModelMetrics {
  isReady = false;
  loadSeconds: number | undefined;
  memoryBytes: number | undefined;
  chosen: { readonly maxBatchSize: number; readonly maxQueueDelaySeconds: number } | undefined;
  /** Undefined until the version is loaded. */
  read: (() => LoadCounts) | undefined;

  constructor(
    readonly counters: VersionCounters,
    private readonly onRemove: (metrics: VersionMetrics) => void,
  ) {}

  succeeded(seconds: number): void {
    this.counters.succeeded(seconds);
  }

  failed(code: ErrorCode, seconds: number): void {
    this.counters.failed(code, seconds);
  }

  ran(cost: RunCost): void {
    this.counters.ran(cost);
  }

  queued(seconds: number): void {
    this.counters.queue.observe(seconds);
  }

  serialised(seconds: number): void {
    this.counters.serialisation.observe(seconds);
  }

  cacheHit(seconds: number): void {
    this.counters.cacheHit.record(seconds);
  }

  cacheMiss(seconds: number): void {
    this.counters.cacheMiss.record(seconds);
  }

  batchingChosen(maxBatchSize: number, maxQueueDelaySeconds: number): void {
    this.chosen = { maxBatchSize, maxQueueDelaySeconds };
  }

  workerRestarted(): void {
    this.counters.workerRestarts++;
  }

  ready(value: boolean): void {
    this.isReady = value;
  }

  loaded(seconds: number): void {
    this.loadSeconds = seconds;
  }

  memory(bytes: number): void {
    this.memoryBytes = bytes;
  }

  observe(counts: () => LoadCounts): void {
    this.read = counts;
  }

  remove(): void {
    this.onRemove(this);
  }
}
