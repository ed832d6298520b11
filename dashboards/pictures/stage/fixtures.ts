import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { projectRoot } from "../../../toolchain/paths";

/** Exporters of what no test machine has, told by texts that say that they are fixtures. */
export interface FixtureExporters {
  readonly port: number;
  close(): Promise<void>;
}

const text = (name: string) =>
  readFileSync(join(projectRoot, "test/dashboards/fixtures", `${name}.prom`), "utf8");

/** What changes by itself on a GPU at work; by how much of its value, and in how many seconds to and fro. */
const SWINGS: Readonly<Record<string, readonly [share: number, period: number]>> = {
  DCGM_FI_DEV_GPU_UTIL: [0.35, 97],
  DCGM_FI_PROF_GR_ENGINE_ACTIVE: [0.35, 97],
  DCGM_FI_PROF_PIPE_TENSOR_ACTIVE: [0.4, 97],
  DCGM_FI_PROF_DRAM_ACTIVE: [0.3, 97],
  DCGM_FI_PROF_PCIE_TX_BYTES: [0.4, 61],
  DCGM_FI_PROF_PCIE_RX_BYTES: [0.4, 61],
  DCGM_FI_DEV_POWER_USAGE: [0.2, 97],
  DCGM_FI_DEV_GPU_TEMP: [0.08, 211],
  DCGM_FI_DEV_MEMORY_TEMP: [0.06, 211],
  DCGM_FI_DEV_SM_CLOCK: [0.05, 53],
  DCGM_FI_DEV_FB_USED: [0.04, 307],
};
/** Counters that grow, a second. */
const GROWTH: Readonly<Record<string, number>> = {
  DCGM_FI_DEV_PCIE_REPLAY_COUNTER: 0.02,
  DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: 300_000,
};

/** The same exposition text some seconds later. */
export function moved(exposition: string, seconds: number): string {
  return exposition.replace(
    /^([A-Z][A-Z_0-9]+)(\{.*\}) (\S+)$/gm,
    (line, name: string, labels: string, value: string) => {
      const growth = GROWTH[name];
      if (growth !== undefined) return `${name}${labels} ${Math.floor(Number(value) + growth * seconds)}`;
      const swing = SWINGS[name];
      if (swing === undefined) return line;
      const [share, period] = swing;
      const phase = labels.length + Number(/gpu="(\d)"/.exec(labels)?.[1] ?? 0);
      const now = Number(value) * (1 + share * Math.sin((2 * Math.PI * seconds) / period + phase));
      return `${name}${labels} ${value.includes(".") ? now.toFixed(6) : Math.round(now)}`;
    },
  );
}

/** The lines of one node, of those that name one. */
const ofNode = (exposition: string, node: string) =>
  exposition
    .split("\n")
    .filter((line) => !line.includes("Hostname=") || line.includes(`Hostname="${node}"`))
    .join("\n");

/** What takes every event of a retraining trigger. */
export const RETRAINING_PATH = "/retraining";

/** Serves `/gpu-node-1` and `/gpu-node-2` as two DCGM exporters, and `/kube-state-metrics`; takes what a retraining trigger sends. */
export async function startFixtureExporters(): Promise<FixtureExporters> {
  const began = Date.now();
  const gpus = text("dcgm-exporter");
  const reservations = text("kube-state-metrics");
  const server: Server = createServer((request, response) => {
    if (request.url === RETRAINING_PATH) {
      request.resume().once("end", () => response.writeHead(204).end());
      return;
    }
    const page = request.url!.slice(1);
    const now = moved(gpus, (Date.now() - began) / 1000);
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" });
    response.end(page === "kube-state-metrics" ? reservations : ofNode(now, page));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
