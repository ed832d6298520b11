import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createSocket, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import type { MeasuringGate } from "../../../rollout/declaration";
import { measure } from "../../../rollout/gates/judge";
import { prometheusReader, type PrometheusReader } from "../../../rollout/gates/prometheus-reader";
import {
  COMPARE_OPTIONS,
  startComparator,
  type CompareOptions,
  type RunningComparator,
} from "../../../runtime/comparator/compare-command";
import { completeOptions } from "../../../runtime/option-table";
import { ensureTools } from "../../../toolchain/build";
import { silent } from "../../../toolchain/progress";

const names = {
  slot: "green",
  service: "text-green",
  liveService: "text-blue",
  namespace: "models",
  windowSeconds: 60,
} as const;
const gate: MeasuringGate = { kind: "comparison", name: "answers", maxPercent: 2, minimumSamples: 100 };

async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address() as AddressInfo;
  socket.close();
  return port;
}

/** Repeats until it holds, for a minute: scrapes come when they come. */
async function eventually<T>(look: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (const end = Date.now() + 60_000; ; await sleep(200)) {
    const value = await look();
    if (holds(value)) return value;
    assert.ok(Date.now() < end, JSON.stringify(value));
  }
}

describe("a comparison gate asked of a real Prometheus, which scrapes a real comparator", function () {
  this.timeout(180_000);
  const dir = mkdtempSync(join(tmpdir(), "slipway-comparison-"));
  let comparator: RunningComparator;
  let prometheus: ChildProcess;
  let reader: PrometheusReader;
  let count = 0;

  before(async () => {
    const given = { live: "blue", host: "127.0.0.1", httpPort: 0, metricsPort: 0 };
    const options = completeOptions(COMPARE_OPTIONS, given) as unknown as CompareOptions;
    comparator = await startComparator(options, pino({ level: "silent" }));
    const config = {
      global: { scrape_interval: "1s" },
      scrape_configs: [
        {
          job_name: "comparator",
          // As the operator labels what it finds through a ServiceMonitor.
          static_configs: [
            {
              targets: [`127.0.0.1:${comparator.metricsPort}`],
              labels: { namespace: "models", service: "text-comparator", pod: "text-comparator-1" },
            },
          ],
        },
      ],
    };
    writeFileSync(join(dir, "prometheus.yml"), JSON.stringify(config));
    const address = `127.0.0.1:${await freePort()}`;
    const tools = await ensureTools(["cluster"], silent);
    const files = [`--config.file=${dir}/prometheus.yml`, `--storage.tsdb.path=${dir}/data`];
    prometheus = spawn(
      tools.path("prometheus"),
      [...files, `--web.listen-address=${address}`, "--log.level=error"],
      { stdio: "ignore" },
    );
    reader = prometheusReader({ url: `http://${address}` });
    await eventually(
      () => reader.read("count(slipway_comparison_waiting_answers)"),
      (reading) => "number" in reading && reading.number === 1,
    );
  });
  after(async () => {
    prometheus.kill();
    await once(prometheus, "exit");
    await comparator.close();
    rmSync(dir, { recursive: true, force: true });
  });

  /** Pairs of answers, of which the candidate's differs in some. */
  async function compare(pairs: number, different: number): Promise<void> {
    const first = count;
    count += pairs;
    const lines = (slot: "blue" | "green") =>
      Array.from({ length: pairs }, (_, i) => {
        const data = [slot === "green" && i < different ? 2 : 1];
        const outputs = [{ name: "y", datatype: "FP32", shape: [1], data }];
        return JSON.stringify({ requestId: `r-${first + i}`, model: "m", outputs });
      }).join("\n");
    for (const slot of ["blue", "green"] as const) {
      const url = `http://127.0.0.1:${comparator.port}/v1/outputs/${slot}`;
      assert.equal((await fetch(url, { method: "POST", body: lines(slot) })).status, 202);
    }
  }

  it("says nothing while nothing was compared, nor while too little was", async () => {
    const none = await measure(gate, names, reader);
    assert.equal(none.verdict, "inconclusive");
    assert.match(none.reason, /^it is not known how many requests text-comparator had: /);
    await compare(60, 60);
    const few = await eventually(
      () => measure(gate, names, reader),
      ({ reason }) => reason.includes("compared"),
    );
    assert.equal(few.verdict, "inconclusive");
    assert.match(few.reason, /^text-comparator compared \d+ requests in 60 s, fewer than 100$/);
  });

  it("fails while the answers differ, with their share", async () => {
    await compare(140, 0);
    const outcome = await eventually(
      () => measure(gate, names, reader),
      ({ value }) => value !== null && value <= 45,
    );
    assert.equal(outcome.verdict, "failed");
    // 60 of 200; Prometheus extrapolates what grew between scrapes.
    assert.ok(outcome.value! > 15 && outcome.value! <= 45, String(outcome.value));
    assert.match(outcome.reason, /^the share of requests whose answers differ is [\d.]+ %, more than 2 %$/);
  });

  it("passes where hardly any differ", async () => {
    await compare(10_000, 20);
    const outcome = await eventually(
      () => measure(gate, names, reader),
      ({ verdict }) => verdict === "passed",
    );
    assert.ok(outcome.value! < 2, String(outcome.value));
    assert.match(outcome.reason, /, at most 2 % as it must be$/);
  });

  it("says nothing of a comparator that is gone", async () => {
    const outcome = await measure(gate, { ...names, service: "voice-green" }, reader);
    assert.equal(outcome.verdict, "inconclusive");
    assert.match(outcome.reason, /^nothing is known of voice-comparator: /);
  });
});
