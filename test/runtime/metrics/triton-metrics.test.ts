import assert from "node:assert/strict";
import { Metrics } from "../../../runtime/metrics/metrics";
import { TRITON_METRICS } from "../../../runtime/metrics/triton-metrics";

async function nvLines(metrics: Metrics): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text.split("\n").filter((line) => line.startsWith("nv_"));
}

describe("Triton's names", () => {
  it("are not there unless asked for", async () => {
    const metrics = new Metrics(() => true);
    metrics.forModel("add", "1").succeeded(0.001);
    assert.deepEqual(await nvLines(metrics), []);
  });

  it("show what the statistics show", async () => {
    const metrics = new Metrics(() => true, { tritonMetrics: true });
    const model = metrics.forModel("add", "1");
    model.observe(() => ({ inflight: 1, pending: 6, cacheBytes: 0 }));
    model.ran({ rows: 8, requests: 2, assembly: 0.001, compute: 0.01, distribution: 0.002 });
    model.queued(0.5);
    model.queued(0.25);
    model.succeeded(0.25);
    model.succeeded(0.5);
    model.failed("QueueFull", 1);
    model.failed("DeadlineExceeded", 1);
    model.failed("Cancelled", 1);
    model.failed("Cancelled", 60);
    model.failed("Internal", 1);
    model.failed("InvalidArgument", 1);
    model.cacheHit(0.000003);
    model.cacheMiss(0.000004);
    const lines = await nvLines(metrics);
    const at = 'model="add",version="1"';
    assert.deepEqual(
      lines.filter((line) => !line.startsWith("nv_cpu")),
      [
        `nv_inference_request_success{${at}} 2`,
        `nv_inference_count{${at}} 8`,
        `nv_inference_exec_count{${at}} 1`,
        `nv_inference_request_duration_us{${at}} 750000`,
        `nv_inference_queue_duration_us{${at}} 750000`,
        `nv_inference_compute_input_duration_us{${at}} 2000`,
        `nv_inference_compute_infer_duration_us{${at}} 20000`,
        `nv_inference_compute_output_duration_us{${at}} 4000`,
        `nv_cache_num_hits_per_model{${at}} 1`,
        `nv_cache_num_misses_per_model{${at}} 1`,
        `nv_cache_hit_duration_per_model{${at}} 3`,
        `nv_cache_miss_duration_per_model{${at}} 4`,
        `nv_inference_pending_request_count{${at}} 6`,
        `nv_inference_request_failure{${at},reason="REJECTED"} 2`,
        `nv_inference_request_failure{${at},reason="CANCELED"} 2`,
        `nv_inference_request_failure{${at},reason="BACKEND"} 1`,
        `nv_inference_request_failure{${at},reason="OTHER"} 1`,
      ],
    );
    const machine = Object.fromEntries(
      lines.filter((line) => line.startsWith("nv_cpu")).map((line) => line.split(" ")),
    ) as Record<string, string>;
    const utilization = Number(machine.nv_cpu_utilization);
    assert.ok(utilization >= 0 && utilization <= 1, `${utilization}`);
    const [used, total] = [machine.nv_cpu_memory_used_bytes, machine.nv_cpu_memory_total_bytes].map(Number);
    assert.ok(used! > 0 && used! < total!);
    assert.deepEqual(
      [...new Set(lines.map((line) => line.split(/[{ ]/)[0]))].sort(),
      [...TRITON_METRICS].sort(),
    );
  });
});
