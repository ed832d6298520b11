import type { Registry } from "prom-client";
import { QUEUE_METRIC } from "../contract";
import { histogramSamples, registerCollected, type Sample } from "../metrics/collected";
import { Histogram } from "../metrics/histogram";
import type { MetricInfo } from "../metrics/metric-table";
import type { Lag } from "./message-queue";

/** The metrics of the consumer, once; the reference follows from it. */
export const QUEUE_METRICS = {
  consumed: {
    type: "counter",
    labels: [],
    doc: "messages taken from the queue, repeated deliveries included",
  },
  succeeded: { type: "counter", labels: [], doc: "messages whose result the broker has stored" },
  retried: {
    type: "counter",
    labels: ["code"],
    doc: "attempts that failed and are made again; `code` is the error's, or `Publish` where the broker did not take the result",
  },
  deadLettered: {
    type: "counter",
    labels: ["code"],
    doc: "messages given up as dead letters; `code` is the error's, or `Publish` where the broker refused the result",
  },
  abandoned: { type: "counter", labels: [], doc: "messages given back unfinished when the consumer stopped" },
  inflight: {
    type: "gauge",
    labels: [],
    doc: "messages being handled, waits before another attempt included",
  },
  lag: {
    type: "gauge",
    labels: ["partition"],
    doc: 'messages that wait, by partition of this consumer; RabbitMQ\'s queue has the partition ""',
  },
  processingDuration: {
    type: "histogram",
    labels: [],
    doc: "from a message being taken to its being settled, all attempts included",
  },
  connected: { type: "gauge", labels: [], doc: "1 while the broker can be consumed from, else 0" },
} as const satisfies Record<keyof typeof QUEUE_METRIC, MetricInfo>;

/** Upper bounds in seconds: messages may wait for attempts that the requests of other transports do not make. */
const PROCESSING_BOUNDS = Float64Array.of(
  ...[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
);

/** What the consumer counts. */
export class QueueMetrics {
  consumed = 0;
  succeeded = 0;
  abandoned = 0;
  inflight = 0;
  lag: Lag = new Map();
  connected: () => boolean = () => false;
  private readonly retries = new Map<string, number>();
  private readonly deadLetters = new Map<string, number>();
  private readonly processing = new Histogram(PROCESSING_BOUNDS);

  constructor(registry: Registry) {
    const register = (key: keyof typeof QUEUE_METRICS, collect: () => Iterable<Sample>) =>
      registerCollected(registry, { name: QUEUE_METRIC[key], ...QUEUE_METRICS[key] }, collect);
    const number = (key: keyof typeof QUEUE_METRICS, read: () => number) =>
      register(key, () => [{ labels: {}, value: read() }]);
    number("consumed", () => this.consumed);
    number("succeeded", () => this.succeeded);
    number("abandoned", () => this.abandoned);
    number("inflight", () => this.inflight);
    number("connected", () => (this.connected() ? 1 : 0));
    register("retried", () => byCode(this.retries));
    register("deadLettered", () => byCode(this.deadLetters));
    register("lag", () => [...this.lag].map(([partition, value]) => ({ labels: { partition }, value })));
    register("processingDuration", () =>
      histogramSamples(QUEUE_METRIC.processingDuration, {}, this.processing),
    );
  }

  retried(code: string): void {
    this.retries.set(code, (this.retries.get(code) ?? 0) + 1);
  }

  deadLettered(code: string): void {
    this.deadLetters.set(code, (this.deadLetters.get(code) ?? 0) + 1);
  }

  processed(seconds: number): void {
    this.processing.observe(seconds);
  }
}

function byCode(counts: ReadonlyMap<string, number>): Sample[] {
  return [...counts].map(([code, value]) => ({ labels: { code }, value }));
}
