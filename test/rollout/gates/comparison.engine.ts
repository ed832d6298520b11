import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import type { MeasuringGate } from "../../../rollout/declaration";
import { measure } from "../../../rollout/gates/judge";
import type { PrometheusReader } from "../../../rollout/gates/prometheus-reader";
import {
  COMPARE_OPTIONS,
  startComparator,
  type CompareOptions,
  type RunningComparator,
} from "../../../runtime/comparator/compare-command";
import { completeOptions } from "../../../runtime/option-table";
import { eventually, startPrometheus, type RealPrometheus } from "../support/real-prometheus";

const names = {
  slot: "green",
  service: "text-green",
  liveService: "text-blue",
  namespace: "models",
  windowSeconds: 60,
} as const;
const gate: MeasuringGate = { kind: "comparison", name: "answers", maxPercent: 2, minimumSamples: 100 };

describe("a comparison gate asked of a real Prometheus, which scrapes a real comparator", function () {
  this.timeout(180_000);
  let comparator: RunningComparator;
  let prometheus: RealPrometheus;
  let reader: PrometheusReader;
  let count = 0;

  before(async () => {
    comparator = await start(0);
    prometheus = await startPrometheus(names.namespace, [
      { port: comparator.metricsPort!, service: "text-comparator" },
    ]);
    ({ reader } = prometheus);
    await eventually(
      () => reader.read("count(slipway_comparison_waiting_answers)"),
      (reading) => "number" in reading && reading.number === 1,
    );
  });
  after(async () => {
    await prometheus.close();
    await comparator.close();
  });

  function start(metricsPort: number): Promise<RunningComparator> {
    const given = { live: "blue", host: "127.0.0.1", httpPort: 0, metricsPort };
    const options = completeOptions(COMPARE_OPTIONS, given) as unknown as CompareOptions;
    return startComparator(options, pino({ level: "silent" }));
  }

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

  it("says nothing while the comparator has begun anew, and passes what it then sees", async () => {
    const port = comparator.metricsPort!;
    await comparator.close();
    comparator = await start(port);
    await compare(1_000, 0);
    const outcome = await eventually(
      () => measure(gate, names, reader),
      ({ reason }) => reason.includes("began anew"),
    );
    assert.equal(outcome.verdict, "inconclusive");
    assert.match(
      outcome.reason,
      /^text-comparator began anew \d+ s ago, and not all of the last 60 s is in its numbers$/,
    );
    // A window that begins after the restart, as it will be a minute later.
    await sleep(5_000);
    const short = await measure({ ...gate, minimumSamples: 0 }, { ...names, windowSeconds: 4 }, reader);
    assert.ok(!short.reason.includes("began anew"), short.reason);
  });

  it("says nothing of a comparator that is gone", async () => {
    const outcome = await measure(gate, { ...names, service: "voice-green" }, reader);
    assert.equal(outcome.verdict, "inconclusive");
    assert.match(outcome.reason, /^nothing is known of voice-comparator: /);
  });
});
