import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { startPrometheus as startTemporary } from "../../../dashboards/pictures/stage/prometheus";
import { prometheusReader, type PrometheusReader } from "../../../rollout/gates/prometheus-reader";

/** What is scraped every second, labelled as the operator labels what it finds through a ServiceMonitor. */
export interface Target {
  readonly port: number;
  readonly service: string;
  /** @default the service's first */
  readonly pod?: string;
}

export interface RealPrometheus {
  readonly url: string;
  readonly reader: PrometheusReader;
  close(): Promise<void>;
}

/** Repeats until it holds, for a minute: scrapes come when they come. */
export async function eventually<T>(look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (const end = Date.now() + 60_000; ; await sleep(200)) {
    const value = await look();
    if (holds(value)) return value;
    assert.ok(Date.now() < end, JSON.stringify(value));
  }
}

/** Runs Prometheus until it has scraped every target. */
export async function startPrometheus(
  namespace: string,
  targets: readonly Target[],
): Promise<RealPrometheus> {
  const { url, close } = await startTemporary({
    scrapeSeconds: 1,
    rules: [],
    targets: targets.map(({ port, service, pod = `${service}-1` }) => ({
      job: "slots",
      port,
      labels: { namespace, service, pod },
    })),
  });
  const reader = prometheusReader({ url });
  await eventually(
    () => reader.read("sum(up)"),
    (reading) => "number" in reading && reading.number === targets.length,
  );
  return { url, reader, close };
}
