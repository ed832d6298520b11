import { cpus, freemem, totalmem } from "node:os";
import type { Registry } from "prom-client";
import { ERRORS, type ErrorCode } from "../errors";
import { registerCollected, type MetricHead, type Sample } from "./collected";
import type { Series, SeriesTable } from "./series";
import type { VersionCounters } from "./version-counters";

/** Triton's reasons of failed requests, in its order. */
const REASONS = ["REJECTED", "CANCELED", "BACKEND", "OTHER"] as const;
type Reason = (typeof REASONS)[number];

function reasonOf(code: ErrorCode): Reason {
  if (code === "GivenUp") return "CANCELED";
  switch (ERRORS[code].http) {
    case 503:
    case 504:
      return "REJECTED";
    case 499:
      return "CANCELED";
    case 500:
      return "BACKEND";
    default:
      return "OTHER";
  }
}

interface TritonMetric extends MetricHead {
  read(series: Series): number;
}

const microseconds = (seconds: number) => Math.round(seconds * 1e6);

function counter(name: string, doc: string, read: (counters: VersionCounters) => number): TritonMetric {
  return { name, type: "counter", doc, read: ({ counters }) => read(counters) };
}

/** One value per model version; names and meanings are Triton's, the values those of the `slipway_` metrics. */
const PER_VERSION: readonly TritonMetric[] = [
  counter(
    "nv_inference_request_success",
    "Number of successful inference requests, all batch sizes",
    ({ success }) => success.count,
  ),
  counter(
    "nv_inference_count",
    "Number of inferences performed (does not include cached requests)",
    (c) => c.rows,
  ),
  counter(
    "nv_inference_exec_count",
    "Number of model executions performed (does not include cached requests)",
    ({ compute }) => compute.count,
  ),
  counter(
    "nv_inference_request_duration_us",
    "Cumulative inference request duration in microseconds (includes cached requests)",
    ({ success }) => microseconds(success.seconds),
  ),
  counter(
    "nv_inference_queue_duration_us",
    "Cumulative inference queuing duration in microseconds",
    ({ queue }) => microseconds(queue.sum),
  ),
  counter(
    "nv_inference_compute_input_duration_us",
    "Cumulative compute input duration in microseconds (does not include cached requests)",
    ({ requestAssembly }) => microseconds(requestAssembly.seconds),
  ),
  counter(
    "nv_inference_compute_infer_duration_us",
    "Cumulative compute inference duration in microseconds (does not include cached requests)",
    ({ requestCompute }) => microseconds(requestCompute.seconds),
  ),
  counter(
    "nv_inference_compute_output_duration_us",
    "Cumulative inference compute output duration in microseconds (does not include cached requests)",
    ({ requestDistribution }) => microseconds(requestDistribution.seconds),
  ),
  counter("nv_cache_num_hits_per_model", "Number of cache hits per model", ({ cacheHit }) => cacheHit.count),
  counter(
    "nv_cache_num_misses_per_model",
    "Number of cache misses per model",
    ({ cacheMiss }) => cacheMiss.count,
  ),
  counter(
    "nv_cache_hit_duration_per_model",
    "Total cache hit duration per model, in microseconds",
    ({ cacheHit }) => microseconds(cacheHit.seconds),
  ),
  counter(
    "nv_cache_miss_duration_per_model",
    "Total cache miss (insert+lookup) duration per model, in microseconds",
    ({ cacheMiss }) => microseconds(cacheMiss.seconds),
  ),
  {
    name: "nv_inference_pending_request_count",
    type: "gauge",
    doc: "Instantaneous number of pending requests awaiting execution",
    read: ({ loadings }) => loadings.reduce((sum, { read }) => sum + (read?.().pending ?? 0), 0),
  },
];

const FAILURES = {
  name: "nv_inference_request_failure",
  type: "counter",
  doc: "Number of failed inference requests, all batch sizes",
} as const;

/** Of the whole machine, as Triton has them, not of the container. */
const MACHINE: readonly (MetricHead & { read(): number })[] = [
  {
    name: "nv_cpu_utilization",
    type: "gauge",
    doc: "CPU utilization rate [0.0 - 1.0]",
    read: cpuUtilization(),
  },
  {
    name: "nv_cpu_memory_total_bytes",
    type: "gauge",
    doc: "CPU total memory (RAM), in bytes",
    read: () => totalmem(),
  },
  {
    name: "nv_cpu_memory_used_bytes",
    type: "gauge",
    doc: "CPU used memory (RAM), in bytes",
    read: () => totalmem() - freemem(),
  },
];

/** Names of everything that `--triton-metrics` adds. */
export const TRITON_METRICS: readonly string[] = [...PER_VERSION, FAILURES, ...MACHINE].map(
  ({ name }) => name,
);

/** Shows what is counted under the names that Triton's dashboards graph. */
export function registerTritonMetrics(registry: Registry, table: SeriesTable): void {
  const turn = () => table.turn();
  for (const metric of PER_VERSION) {
    registerCollected(
      registry,
      metric,
      () => table.series().map((series) => ({ labels: series.labels, value: metric.read(series) })),
      turn,
    );
  }
  registerCollected(registry, FAILURES, () => table.series().flatMap(failures), turn);
  for (const metric of MACHINE) {
    registerCollected(registry, metric, () => [{ labels: {}, value: metric.read() }]);
  }
}

function failures({ labels, counters }: Series): Sample[] {
  return REASONS.map((reason) => {
    let value = 0;
    for (const [code, count] of counters.failures) {
      if (reasonOf(code) === reason) value += count;
    }
    return { labels: { ...labels, reason }, value };
  });
}

/** Milliseconds that a measurement has to last to mean anything. */
const SHORTEST_INTERVAL_MS = 500;

/** Share of all cores' time that was busy since the last scrape, since the start of the machine at first. */
function cpuUtilization(): () => number {
  let busy = 0;
  let total = 0;
  let readAt = -Infinity;
  let share = 0;
  return () => {
    const now = performance.now();
    if (now - readAt < SHORTEST_INTERVAL_MS) return share;
    readAt = now;
    const times = cpus().map((cpu) => cpu.times);
    const sum = (of: (cpu: (typeof times)[number]) => number) => times.reduce((all, cpu) => all + of(cpu), 0);
    const nowTotal = sum(({ user, nice, sys, irq, idle }) => user + nice + sys + irq + idle);
    const nowBusy = nowTotal - sum(({ idle }) => idle);
    if (nowTotal > total) share = (nowBusy - busy) / (nowTotal - total);
    [busy, total] = [nowBusy, nowTotal];
    return share;
  };
}
