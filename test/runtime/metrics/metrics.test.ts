import assert from "node:assert/strict";
import { GIVEN_UP_AFTER, METRIC } from "../../../runtime/contract";
import { ERRORS } from "../../../runtime/errors";
import { MAX_METRIC_MODELS, METRICS } from "../../../runtime/metrics/metric-table";
import { Metrics } from "../../../runtime/metrics/metrics";
import type { RunCost } from "../../../runtime/metrics/model-metrics";
import { SERVER_OPTIONS } from "../../../runtime/options";

const run = (rows: number, requests: number, rest: Partial<RunCost> = {}): RunCost => ({
  rows,
  requests,
  assembly: 0.00002,
  compute: 0.004,
  distribution: 0.00001,
  ...rest,
});
const idle = () => ({ inflight: 0, pending: 0, cacheBytes: 0 });

/** What a loaded version shows of its requests before the first one. */
const FAULTS = Object.entries(ERRORS).flatMap(([code, { http }]) => (http >= 500 ? code : []));
const REFUSALS = Object.entries(ERRORS).flatMap(([code, { http }]) => (http === 503 ? code : []));

/** The lines of the metrics that match. */
async function lines(metrics: Metrics, pattern: RegExp): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text.split("\n").filter((line) => pattern.test(line) && !line.startsWith("#"));
}

/** Those that say more than that a fault is counted from 0 on. */
const without0 = (shown: readonly string[]): string[] =>
  shown.filter((line) => !/^slipway_inference_(requests|rejected_requests)_total\{.*\} 0$/.test(line));

describe("Metrics", () => {
  let metrics: Metrics;
  beforeEach(() => {
    metrics = new Metrics(() => true);
  });

  it("gives every metric of the contract with its help and type", async () => {
    const text = await metrics.registry.metrics();
    for (const [key, { type, doc }] of Object.entries(METRICS)) {
      const name = METRIC[key as keyof typeof METRIC];
      assert.ok(text.includes(`# HELP ${name} ${doc}\n# TYPE ${name} ${type}\n`), name);
    }
  });

  it("counts requests by outcome, and refusals by reason", async () => {
    const model = metrics.forModel("add", "3");
    model.succeeded(0.001);
    model.succeeded(0.001);
    model.failed("InvalidArgument", 0.001);
    model.failed("QueueFull", 0.001);
    metrics.unresolved("ModelNotFound");
    metrics.unresolved("ModelNotReady");
    assert.deepEqual(without0(await lines(metrics, /^slipway_inference_(requests|rejected)/)), [
      'slipway_inference_requests_total{model="add",version="3",code="OK"} 2',
      'slipway_inference_requests_total{model="add",version="3",code="InvalidArgument"} 1',
      'slipway_inference_requests_total{model="add",version="3",code="QueueFull"} 1',
      'slipway_inference_requests_total{model="",version="",code="ModelNotFound"} 1',
      'slipway_inference_requests_total{model="",version="",code="ModelNotReady"} 1',
      'slipway_inference_rejected_requests_total{model="add",version="3",reason="QueueFull"} 1',
      'slipway_inference_rejected_requests_total{model="",version="",reason="ModelNotReady"} 1',
    ]);
  });

  it("counts a loaded version's answers and faults from 0 on, so that their first burst is an increase", async () => {
    const model = metrics.forModel("add", "3");
    assert.deepEqual(await lines(metrics, /_requests_total\{model="add"/), []);
    model.observe(idle);
    model.failed("QueueFull", 0.001);
    const shown = await lines(metrics, /_requests_total\{model="add"/);
    const line = (name: string, label: string) => (code: string) =>
      `slipway_inference_${name}_total{model="add",version="3",${label}="${code}"} ${code === "QueueFull" ? 1 : 0}`;
    assert.deepEqual(
      shown.sort(),
      [
        ...["OK", ...FAULTS].map(line("requests", "code")),
        ...REFUSALS.map(line("rejected_requests", "reason")),
      ].sort(),
    );
    model.remove();
    assert.deepEqual(await lines(metrics, /_requests_total\{model="add"/), []);
  });

  it("counts the faults that meet requests before their model is found from 0 on", async () => {
    assert.equal(
      (await lines(metrics, /^slipway_inference_requests_total\{model="",/)).length,
      FAULTS.length,
    );
    assert.deepEqual(
      await lines(metrics, /^slipway_inference_rejected/),
      REFUSALS.map(
        (code) => `slipway_inference_rejected_requests_total{model="",version="",reason="${code}"} 0`,
      ),
    );
  });

  it("puts values into the bucket of the least bound that holds them, and cumulates", async () => {
    const model = metrics.forModel("add", "1");
    for (const rows of [1, 2, 3, 8, 300]) model.ran(run(rows, 1));
    assert.deepEqual(await lines(metrics, /^slipway_inference_batch_size/), [
      ...[
        [1, 1],
        [2, 2],
        [4, 3],
        [8, 4],
        [16, 4],
        [32, 4],
        [64, 4],
        [128, 4],
        [256, 4],
      ].map(
        ([le, count]) => `slipway_inference_batch_size_bucket{le="${le}",model="add",version="1"} ${count}`,
      ),
      'slipway_inference_batch_size_bucket{le="+Inf",model="add",version="1"} 5',
      'slipway_inference_batch_size_sum{model="add",version="1"} 314',
      'slipway_inference_batch_size_count{model="add",version="1"} 5',
    ]);
  });

  it("tells a client that waited from one that changed its mind", async () => {
    const model = metrics.forModel("add", "1");
    model.failed("Cancelled", GIVEN_UP_AFTER - 0.1);
    model.failed("Cancelled", GIVEN_UP_AFTER);
    model.failed("InvalidArgument", GIVEN_UP_AFTER);
    assert.deepEqual(
      without0(await lines(metrics, /^slipway_inference_requests_total\{model="add"/)).map((line) =>
        line.replace(/^.*code="(\w+)"\} /, "$1 "),
      ),
      ["Cancelled 1", "GivenUp 1", "InvalidArgument 1"],
    );
  });

  it("keeps each stage in a histogram of its own, in seconds", async () => {
    const model = metrics.forModel("add", "1");
    model.succeeded(1);
    model.queued(2);
    model.serialised(4);
    model.ran(run(1, 1, { assembly: 8, compute: 16 }));
    assert.deepEqual(await lines(metrics, /_seconds_sum\{model/), [
      'slipway_inference_request_duration_seconds_sum{model="add",version="1"} 1',
      'slipway_inference_queue_duration_seconds_sum{model="add",version="1"} 2',
      'slipway_inference_assembly_duration_seconds_sum{model="add",version="1"} 8',
      'slipway_inference_compute_duration_seconds_sum{model="add",version="1"} 16',
      'slipway_inference_serialisation_duration_seconds_sum{model="add",version="1"} 4',
    ]);
  });

  it("has no histogram of a version that nobody has asked", async () => {
    metrics.forModel("add", "1").observe(idle);
    assert.deepEqual(await lines(metrics, /_bucket\{.*model="add"/), []);
  });

  it("shows a loaded version's state as it is when Prometheus asks", async () => {
    const model = metrics.forModel("add", "1");
    model.ready(false);
    assert.deepEqual(await lines(metrics, /model="add"/), [
      'slipway_worker_restarts_total{model="add",version="1"} 0',
      'slipway_model_ready{model="add",version="1"} 0',
    ]);
    let pending = 7;
    model.observe(() => ({ inflight: 2, pending, cacheBytes: 512 }));
    model.ready(true);
    model.loaded(1.5);
    model.memory(4096);
    model.batchingChosen(24, 0.002);
    model.cacheHit(0.00001);
    model.cacheMiss(0.00002);
    model.workerRestarted();
    pending = 3;
    assert.deepEqual(without0(await lines(metrics, /model="add"/)), [
      'slipway_cache_hits_total{model="add",version="1"} 1',
      'slipway_cache_misses_total{model="add",version="1"} 1',
      'slipway_worker_restarts_total{model="add",version="1"} 1',
      'slipway_inference_inflight_requests{model="add",version="1"} 2',
      'slipway_inference_pending_requests{model="add",version="1"} 3',
      'slipway_cache_bytes{model="add",version="1"} 512',
      'slipway_model_memory_bytes{model="add",version="1"} 4096',
      'slipway_model_ready{model="add",version="1"} 1',
      'slipway_model_load_duration_seconds{model="add",version="1"} 1.5',
      'slipway_batching_chosen_max_batch_size{model="add",version="1"} 24',
      'slipway_batching_chosen_max_queue_delay_seconds{model="add",version="1"} 0.002',
    ]);
  });

  it("drops every series of a version that is removed", async () => {
    const model = metrics.forModel("add", "1");
    model.observe(idle);
    model.ready(true);
    model.succeeded(0.001);
    model.remove();
    assert.deepEqual(await lines(metrics, /model="add"/), []);
  });

  it("goes on counting through a reload, with the old loading beside the new one until it is removed", async () => {
    const old = metrics.forModel("add", "1");
    old.observe(() => ({ inflight: 2, pending: 1, cacheBytes: 0 }));
    old.ready(true);
    old.succeeded(0.001);
    const fresh = metrics.forModel("add", "1");
    fresh.observe(() => ({ inflight: 3, pending: 0, cacheBytes: 0 }));
    fresh.ready(true);
    fresh.succeeded(0.001);
    old.succeeded(0.001);
    const shown = async () =>
      without0(await lines(metrics, /(requests_total|inflight_requests|pending_requests)\{model="add"/));
    assert.deepEqual(await shown(), [
      'slipway_inference_requests_total{model="add",version="1",code="OK"} 3',
      'slipway_inference_inflight_requests{model="add",version="1"} 5',
      'slipway_inference_pending_requests{model="add",version="1"} 1',
    ]);
    old.remove();
    old.remove();
    assert.deepEqual(await shown(), [
      'slipway_inference_requests_total{model="add",version="1",code="OK"} 3',
      'slipway_inference_inflight_requests{model="add",version="1"} 3',
      'slipway_inference_pending_requests{model="add",version="1"} 0',
    ]);
  });

  it("shows the loading that serves while the version is loaded again", async () => {
    const old = metrics.forModel("add", "1");
    old.observe(idle);
    old.batchingChosen(8, 0);
    old.ready(true);
    old.loaded(1);
    const shown = async () =>
      (await lines(metrics, /^slipway_(model_ready|model_load_duration|batching_chosen_max_batch)/)).map(
        (line) => Number(line.split(" ")[1]),
      );
    assert.deepEqual(await shown(), [1, 1, 8]);
    const fresh = metrics.forModel("add", "1");
    fresh.ready(false);
    assert.deepEqual(await shown(), [1, 1, 8]);
    fresh.observe(idle);
    fresh.batchingChosen(32, 0);
    assert.deepEqual(await shown(), [1, 1, 8]);
    fresh.ready(true);
    fresh.loaded(2);
    assert.deepEqual(await shown(), [1, 2, 32]);
  });

  it("forgets a load that failed when the version is loaded again", async () => {
    metrics.forModel("add", "1").ready(false);
    const model = metrics.forModel("add", "1");
    model.observe(idle);
    model.ready(true);
    assert.deepEqual(await lines(metrics, /^slipway_model_ready/), [
      'slipway_model_ready{model="add",version="1"} 1',
    ]);
    model.remove();
    assert.deepEqual(await lines(metrics, /^slipway_model_ready/), []);
  });

  it("counts cold loads and evictions across unloading", async () => {
    metrics.forModel("add", "1").remove();
    metrics.coldLoaded("add", "1");
    metrics.evicted("add", "1");
    metrics.coldLoaded("add", "1");
    assert.deepEqual(await lines(metrics, /^slipway_model_(cold|evictions)/), [
      'slipway_model_cold_loads_total{model="add",version="1"} 2',
      'slipway_model_evictions_total{model="add",version="1"} 1',
    ]);
  });

  describe("with more versions than fit", () => {
    beforeEach(() => {
      metrics = new Metrics(() => true, { maxMetricModels: 2 });
    });

    it("adds the others up, and never lets a counter go back", async () => {
      for (const version of ["1", "2", "3", "4"]) {
        const model = metrics.forModel("add", version);
        model.observe(() => ({ inflight: 1, pending: 0, cacheBytes: 0 }));
        model.ready(true);
        model.succeeded(0.001);
        if (version === "4") model.remove();
      }
      const shown = await lines(metrics, /^slipway_(inference_requests|inference_inflight|model_ready)/);
      assert.deepEqual(without0(shown), [
        'slipway_inference_requests_total{model="add",version="1",code="OK"} 1',
        'slipway_inference_requests_total{model="add",version="2",code="OK"} 1',
        'slipway_inference_requests_total{model="other",version="other",code="OK"} 2',
        'slipway_inference_inflight_requests{model="add",version="1"} 1',
        'slipway_inference_inflight_requests{model="add",version="2"} 1',
        'slipway_inference_inflight_requests{model="other",version="other"} 1',
        'slipway_model_ready{model="add",version="1"} 1',
        'slipway_model_ready{model="add",version="2"} 1',
      ]);
    });

    it("gives room that was left to the next version", async () => {
      for (const version of ["1", "2"]) metrics.forModel("add", version).remove();
      metrics.forModel("add", "5").succeeded(0.001);
      assert.deepEqual(without0(await lines(metrics, /^slipway_inference_requests/)), [
        'slipway_inference_requests_total{model="add",version="5",code="OK"} 1',
      ]);
    });

    it("bounds cold loads and evictions too", async () => {
      for (const version of ["1", "2", "3", "4"]) metrics.evicted("add", version);
      assert.deepEqual(await lines(metrics, /^slipway_model_evictions/), [
        'slipway_model_evictions_total{model="add",version="1"} 1',
        'slipway_model_evictions_total{model="add",version="2"} 1',
        'slipway_model_evictions_total{model="other",version="other"} 2',
      ]);
    });
  });

  it("lets requests pass between the metrics of very many versions", async () => {
    for (let version = 1; version <= 100; version++) metrics.forModel("add", String(version)).ready(true);
    let turns = 0;
    let done = false;
    const count = () => {
      turns++;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    assert.equal((await lines(metrics, /^slipway_model_ready/)).length, 100);
    done = true;
    assert.ok(turns >= Object.keys(METRICS).length, `${turns} turns`);
  });

  it("restates the option's default", () =>
    assert.equal(SERVER_OPTIONS.maxMetricModels.default, MAX_METRIC_MODELS));
});
