import assert from "node:assert/strict";
import type { MeasuringGate } from "../../../rollout/declaration";
import { measure } from "../../../rollout/gates/judge";
import type { PrometheusReader } from "../../../rollout/gates/prometheus-reader";
import type { ModelMetrics } from "../../../runtime/metrics/model-metrics";
import { eventually, startPrometheus, type RealPrometheus } from "../support/real-prometheus";
import { Scraped } from "../support/scraped";

const names = {
  slot: "green",
  service: "text-green",
  liveService: "text-blue",
  namespace: "models",
  windowSeconds: 60,
} as const;
const errors: MeasuringGate = { kind: "errorRate", name: "errors", maxPercent: 1, minimumSamples: 20 };
const latency: MeasuringGate = { kind: "latency", name: "p99", notSlowerThanLiveBy: 50 };

/** The metrics of a slot's pod, as its server shows them. */
class Pod extends Scraped {
  readonly model: ModelMetrics = this.metrics.forModel("m", "1");
}

describe("gates asked of a real Prometheus", function () {
  this.timeout(180_000);
  const [blue, green] = [new Pod(), new Pod()];
  let prometheus: RealPrometheus;
  let reader: PrometheusReader;

  before(async () => {
    prometheus = await startPrometheus(names.namespace, [
      { service: names.liveService, port: await blue.listen() },
      { service: names.service, port: await green.listen() },
    ]);
    ({ reader } = prometheus);
    await eventually(
      () => reader.read('count(slipway_server_ready{namespace="models"})'),
      (reading) => "number" in reading && reading.number === 2,
    );
  });
  after(async () => {
    await prometheus.close();
    blue.close();
    green.close();
  });

  it("are inconclusive while the candidate has had no request", async () => {
    const outcome = await measure(errors, names, reader);
    assert.equal(outcome.verdict, "inconclusive");
    assert.match(outcome.reason, /^text-green answered 0 requests in 60 s, fewer than \d+$/);
    assert.equal((await measure(latency, names, reader)).verdict, "inconclusive");
  });

  it("count faults that began between two scrapes, and clients' mistakes not as faults", async () => {
    for (let i = 0; i < 95; i++) green.model.succeeded(0.02);
    for (let i = 0; i < 5; i++) green.model.failed("Internal", 0.02);
    for (let i = 0; i < 100; i++) green.model.failed("InvalidArgument", 0.02);
    for (let i = 0; i < 200; i++) blue.model.succeeded(0.02);
    const outcome = await eventually(
      () => measure(errors, names, reader),
      ({ verdict }) => verdict !== "inconclusive",
    );
    assert.deepEqual(outcome, {
      gate: "errors",
      verdict: "failed",
      value: 2.5,
      max: 1,
      reason: "the error rate is 2.5 %, more than 1 %",
    });
    // The two servers are scraped at different times.
    const beside = await eventually(
      () => measure({ ...errors, maxPercent: 5, notWorseThanLiveBy: 3 }, names, reader),
      ({ verdict }) => verdict !== "inconclusive",
    );
    assert.equal(
      beside.reason,
      "the error rate is 2.5 %, not more than 3 percentage points above the live slot's 0 %",
    );
  });

  it("compare the slots' latencies", async () => {
    const same = await eventually(
      () => measure(latency, names, reader),
      ({ verdict }) => verdict !== "inconclusive",
    );
    assert.equal(same.verdict, "passed", same.reason);
    for (let i = 0; i < 200; i++) green.model.succeeded(0.4);
    const slower = await eventually(
      () => measure(latency, names, reader),
      ({ verdict }) => verdict !== "passed",
    );
    assert.equal(slower.verdict, "failed", slower.reason);
    assert.ok(slower.value! > 0.2 && slower.value! < 1, slower.reason);
  });

  it("are inconclusive about a query that finds nothing, or several numbers", async () => {
    const ask = (query: string) => measure({ kind: "prometheus", name: "own", query, max: 1 }, names, reader);
    assert.equal(
      (await ask("nobody_has_this")).reason,
      "the query's number cannot be told: Prometheus has no data for it",
    );
    assert.match((await ask("up")).reason, /gives 2 series instead of one$/);
    assert.equal((await ask('sum(up{service="{{service}}"})')).verdict, "passed");
  });
});
