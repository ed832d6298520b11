import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { prometheusReader, type PrometheusReader } from "../../../rollout/gates/prometheus-reader";
import { ensureTools } from "../../../toolchain/build";
import { silent } from "../../../toolchain/progress";

/** What is scraped every second, labelled as the operator labels what it finds through a ServiceMonitor. */
export interface Target {
  readonly port: number;
  readonly service: string;
}

export interface RealPrometheus {
  readonly url: string;
  readonly reader: PrometheusReader;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const socket = createServer().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address() as AddressInfo;
  socket.close();
  return port;
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
  const dir = mkdtempSync(join(tmpdir(), "slipway-prometheus-"));
  const static_configs = targets.map(({ port, service }) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { namespace, service, pod: `${service}-1` },
  }));
  const config = {
    global: { scrape_interval: "1s" },
    scrape_configs: [{ job_name: "slots", static_configs }],
  };
  writeFileSync(join(dir, "prometheus.yml"), JSON.stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const tools = await ensureTools(["cluster"], silent);
  const child = spawn(
    tools.path("prometheus"),
    [
      `--config.file=${dir}/prometheus.yml`,
      `--storage.tsdb.path=${dir}/data`,
      `--web.listen-address=${address}`,
      "--log.level=error",
    ],
    { stdio: "ignore" },
  );
  const url = `http://${address}`;
  const reader = prometheusReader({ url });
  await eventually(
    () => reader.read("sum(up)"),
    (reading) => "number" in reading && reading.number === targets.length,
  );
  return {
    url,
    reader,
    close: async () => {
      const ended = once(child, "exit");
      child.kill();
      await ended;
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
