import assert from "node:assert/strict";
import { Metrics } from "../../../runtime/metrics/metrics";
import type { ModelMetrics } from "../../../runtime/metrics/model-metrics";
import { MAX_BATCH_SIZES } from "../../../runtime/metrics/version-counters";

const idle = () => ({ inflight: 0, pending: 0, cacheBytes: 0 });

describe("statistics", () => {
  let metrics: Metrics;
  let model: ModelMetrics;
  beforeEach(() => {
    metrics = new Metrics(() => true);
    model = metrics.forModel("add", "1");
    model.observe(idle);
  });

  it("are zero before the first inference", () => {
    const none = { count: 0, ns: 0 };
    assert.deepEqual(metrics.statistics(), [
      {
        name: "add",
        version: "1",
        last_inference: 0,
        inference_count: 0,
        execution_count: 0,
        inference_stats: {
          success: none,
          fail: none,
          queue: none,
          compute_input: none,
          compute_infer: none,
          compute_output: none,
          cache_hit: none,
          cache_miss: none,
        },
        batch_stats: [],
      },
    ]);
  });

  it("count rows as inferences, runs as executions, and a run's cost once for each of its requests", () => {
    const before = Date.now();
    // Two requests of 4 rows in one run, then one of 4 rows and one of 1 row alone.
    model.ran({ rows: 8, requests: 2, assembly: 0.001, compute: 0.01, distribution: 0.002 });
    model.ran({ rows: 4, requests: 1, assembly: 0.001, compute: 0.006, distribution: 0.002 });
    model.ran({ rows: 4, requests: 1, assembly: 0.003, compute: 0.004, distribution: 0.002 });
    for (let i = 0; i < 4; i++) model.queued(0.5);
    for (let i = 0; i < 4; i++) model.succeeded(0.25);
    model.failed("InvalidArgument", 0.125);
    model.cacheHit(0.000001);
    model.cacheMiss(0.000002);
    const [{ last_inference, ...statistics }] = metrics.statistics() as [
      ReturnType<Metrics["statistics"]>[0],
    ];
    assert.ok(last_inference >= before && last_inference <= Date.now());
    assert.deepEqual(statistics, {
      name: "add",
      version: "1",
      inference_count: 16,
      execution_count: 3,
      inference_stats: {
        success: { count: 4, ns: 1e9 },
        fail: { count: 1, ns: 125e6 },
        queue: { count: 4, ns: 2e9 },
        compute_input: { count: 4, ns: 6e6 },
        compute_infer: { count: 4, ns: 30e6 },
        compute_output: { count: 4, ns: 8e6 },
        cache_hit: { count: 1, ns: 1000 },
        cache_miss: { count: 1, ns: 2000 },
      },
      batch_stats: [
        {
          batch_size: 4,
          compute_input: { count: 2, ns: 4e6 },
          compute_infer: { count: 2, ns: 10e6 },
          compute_output: { count: 2, ns: 4e6 },
        },
        {
          batch_size: 8,
          compute_input: { count: 1, ns: 1e6 },
          compute_infer: { count: 1, ns: 10e6 },
          compute_output: { count: 1, ns: 2e6 },
        },
      ],
    });
  });

  it("tell apart a bounded number of batch sizes", () => {
    const cost = { requests: 1, assembly: 0, compute: 0, distribution: 0 };
    for (let rows = 1; rows <= MAX_BATCH_SIZES + 10; rows++) model.ran({ rows, ...cost });
    const [statistics] = metrics.statistics();
    assert.equal(statistics?.batch_stats.length, MAX_BATCH_SIZES);
    assert.equal(statistics?.execution_count, MAX_BATCH_SIZES + 10);
  });

  it("are of loaded versions only, in order, by name and by version", () => {
    for (const [name, version] of [
      ["zoo", "1"],
      ["add", "10"],
      ["add", "9"],
    ] as const) {
      metrics.forModel(name, version).observe(idle);
    }
    metrics.forModel("failed", "1").ready(false);
    const of = (name?: string, version?: string) =>
      metrics.statistics(name, version).map((each) => `${each.name}/${each.version}`);
    assert.deepEqual(of(), ["add/1", "add/9", "add/10", "zoo/1"]);
    assert.deepEqual(of("add"), ["add/1", "add/9", "add/10"]);
    assert.deepEqual(of("add", "9"), ["add/9"]);
    assert.deepEqual(of("nope"), []);
    model.remove();
    assert.deepEqual(of("add"), ["add/9", "add/10"]);
  });
});
