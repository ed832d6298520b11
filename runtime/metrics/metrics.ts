import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { METRIC } from "../contract";
import type { ErrorCode } from "../errors";

/** Upper bounds in seconds, from a small table's microseconds to a large model's seconds. */
const DURATION_BUCKETS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const BATCH_SIZE_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256];

/** Every metric of the server's own, once; the reference follows from it. `slipway_` is the common prefix. */
export const METRICS = {
  requests: {
    type: "counter",
    labels: ["model", "version", "code"],
    doc: "inference requests answered; `code` is OK or the error's",
  },
  requestDuration: {
    type: "histogram",
    labels: ["model", "version"],
    doc: "from a request's body being there to its answer being handed to the socket, refused requests included",
  },
  queueDuration: { type: "histogram", labels: ["model", "version"], doc: "wait for a free worker" },
  computeDuration: { type: "histogram", labels: ["model", "version"], doc: "onnxruntime's part of a run" },
  batchSize: {
    type: "histogram",
    labels: ["model", "version"],
    doc: "rows per run of models that batch, requests per run (1) of others",
  },
  inflight: { type: "gauge", labels: ["model", "version"], doc: "requests being run by workers" },
  pending: { type: "gauge", labels: ["model", "version"], doc: "requests waiting for a worker" },
  rejected: {
    type: "counter",
    labels: ["model", "version", "reason"],
    doc: "requests refused with 503: QueueFull, Overloaded, ModelNotReady or Draining",
  },
  modelReady: { type: "gauge", labels: ["model", "version"], doc: "1 while the version can serve, else 0" },
  modelLoadDuration: { type: "gauge", labels: ["model", "version"], doc: "how long the last load took" },
  workerRestarts: {
    type: "counter",
    labels: ["model", "version"],
    doc: "workers that died and were replaced",
  },
  serverReady: { type: "gauge", labels: [], doc: "1 while /v2/health/ready says so, else 0" },
} as const satisfies Record<keyof typeof METRIC, { type: string; labels: readonly string[]; doc: string }>;

/** What one model version reports; bound to its labels once, because requests are frequent. */
export interface ModelMetrics {
  succeeded(seconds: number): void;
  failed(code: ErrorCode, seconds: number): void;
  ran(rows: number, computeSeconds: number): void;
  queued(seconds: number): void;
  workerRestarted(): void;
  ready(value: boolean): void;
  loaded(seconds: number): void;
  /** Read when Prometheus scrapes. */
  observe(counts: () => { inflight: number; pending: number }): void;
  /** Drops every series of the version. */
  remove(): void;
}

const REJECTIONS: ReadonlySet<ErrorCode> = new Set(["QueueFull", "Overloaded", "ModelNotReady", "Draining"]);

export class Metrics {
  readonly registry = new Registry();
  private readonly counts = new Map<
    string,
    { labels: [string, string]; read: () => { inflight: number; pending: number } }
  >();
  private readonly requests = this.counter("requests");
  private readonly rejected = this.counter("rejected");
  private readonly workerRestarts = this.counter("workerRestarts");
  private readonly requestDuration = this.histogram("requestDuration", DURATION_BUCKETS);
  private readonly queueDuration = this.histogram("queueDuration", DURATION_BUCKETS);
  private readonly computeDuration = this.histogram("computeDuration", DURATION_BUCKETS);
  private readonly batchSize = this.histogram("batchSize", BATCH_SIZE_BUCKETS);
  private readonly modelReady = this.gauge("modelReady");
  private readonly modelLoadDuration = this.gauge("modelLoadDuration");

  /** @param serverReady read when Prometheus scrapes */
  constructor(serverReady: () => boolean) {
    collectDefaultMetrics({ register: this.registry });
    const { counts } = this;
    for (const key of ["inflight", "pending"] as const) {
      this.gauge(key, function () {
        this.reset();
        for (const { labels, read } of counts.values())
          this.set({ model: labels[0], version: labels[1] }, read()[key]);
      });
    }
    this.gauge("serverReady", function () {
      this.set(serverReady() ? 1 : 0);
    });
  }

  /** Requests for models that do not exist or cannot serve share one series: clients cannot make series at will. */
  unresolved(code: ErrorCode): void {
    const labels = { model: "", version: "" };
    this.requests.inc({ ...labels, code });
    if (REJECTIONS.has(code)) this.rejected.inc({ ...labels, reason: code });
  }

  forModel(model: string, version: string): ModelMetrics {
    const labels = { model, version };
    const durations = this.requestDuration.labels(labels);
    const queue = this.queueDuration.labels(labels);
    const compute = this.computeDuration.labels(labels);
    const batch = this.batchSize.labels(labels);
    const ok = this.requests.labels(model, version, "OK");
    const key = `${model}/${version}`;
    return {
      succeeded: (seconds) => {
        ok.inc();
        durations.observe(seconds);
      },
      failed: (code, seconds) => {
        this.requests.inc({ model, version, code });
        durations.observe(seconds);
        if (REJECTIONS.has(code)) this.rejected.inc({ model, version, reason: code });
      },
      ran: (rows, computeSeconds) => {
        batch.observe(rows);
        compute.observe(computeSeconds);
      },
      queued: (seconds) => queue.observe(seconds),
      workerRestarted: () => this.workerRestarts.inc(labels),
      ready: (value) => this.modelReady.set(labels, value ? 1 : 0),
      loaded: (seconds) => this.modelLoadDuration.set(labels, seconds),
      observe: (read) => void this.counts.set(key, { labels: [model, version], read }),
      remove: () => {
        this.counts.delete(key);
        for (const metric of [this.modelReady, this.modelLoadDuration]) metric.remove(labels);
      },
    };
  }

  private counter(key: keyof typeof METRICS): Counter {
    return new Counter({
      name: METRIC[key],
      help: METRICS[key].doc,
      labelNames: METRICS[key].labels,
      registers: [this.registry],
    });
  }

  private gauge(key: keyof typeof METRICS, collect?: (this: Gauge) => void): Gauge {
    return new Gauge({
      name: METRIC[key],
      help: METRICS[key].doc,
      labelNames: METRICS[key].labels,
      registers: [this.registry],
      collect,
    });
  }

  private histogram(key: keyof typeof METRICS, buckets: number[]): Histogram {
    return new Histogram({
      name: METRIC[key],
      help: METRICS[key].doc,
      labelNames: METRICS[key].labels,
      registers: [this.registry],
      buckets,
    });
  }
}
