import assert from "node:assert/strict";
import { AdaptiveLimits } from "../../../runtime/batching/adaptive-limits";

const options = { latencyObjectiveMs: 20, maxBatchSize: 64, maxQueueDelayMs: 10 };

/** A model under full load: each run is full, and its requests have waited for the one before it. */
function saturate(adaptive: AdaptiveLimits, serviceMs: (rows: number) => number, runs: number): number[] {
  const sizes: number[] = [];
  for (let i = 0; i < runs; i++) {
    const { maxBatchSize: rows, maxQueueDelayMs } = adaptive.limits;
    const service = serviceMs(rows);
    adaptive.observe({ rows, requests: rows, waitMs: service + maxQueueDelayMs, serviceMs: service });
    sizes.push(rows);
  }
  return sizes;
}

describe("AdaptiveLimits", () => {
  it("starts with single requests and without delay", () => {
    assert.deepEqual(new AdaptiveLimits(options).limits, { maxBatchSize: 1, maxQueueDelayMs: 0 });
  });

  for (const [name, service, best] of [
    ["cheap rows", (rows: number) => 2 + 0.5 * rows, 16],
    ["dear rows", (rows: number) => 1 + 2 * rows, 4],
    ["a curve that bends", (rows: number) => 1 + 0.02 * rows * rows, 21],
  ] as const) {
    it(`converges to the largest size that keeps the objective: ${name}`, () => {
      const adaptive = new AdaptiveLimits(options);
      saturate(adaptive, service, 2000);
      const sizes = saturate(adaptive, service, 2000);
      assert.ok(Math.max(...sizes) <= best + 1, `at most one step beyond ${best}, was ${Math.max(...sizes)}`);
      assert.ok(Math.min(...sizes) >= Math.floor(best * 0.8) - 1, `was ${Math.min(...sizes)}`);
      const kept = sizes.filter((rows) => 2 * service(rows) <= options.latencyObjectiveMs).length;
      assert.ok(kept > sizes.length / 2, "it is within the objective most of the time");
    });
  }

  it("never exceeds its bounds, nor falls below one row", () => {
    const fast = new AdaptiveLimits({ ...options, maxBatchSize: 8 });
    assert.equal(Math.max(...saturate(fast, () => 0.1, 1000)), 8);
    const slow = new AdaptiveLimits(options);
    assert.deepEqual(new Set(saturate(slow, () => 100, 500)), new Set([1]));
  });

  it("backs off by a tenth when the model becomes slower, and recovers", () => {
    const adaptive = new AdaptiveLimits(options);
    saturate(adaptive, (rows) => 0.25 * rows, 3000);
    const { maxBatchSize: before } = adaptive.limits;
    assert.ok(before >= 36 && before <= 41, `was ${before}`);
    while (adaptive.limits.maxBatchSize === before) saturate(adaptive, (rows) => rows, 1);
    assert.equal(adaptive.limits.maxBatchSize, Math.floor(before * 0.9));
    saturate(adaptive, (rows) => rows, 1000);
    assert.ok(adaptive.limits.maxBatchSize <= 11);
    saturate(adaptive, (rows) => 0.25 * rows, 3000);
    assert.ok(adaptive.limits.maxBatchSize >= 35);
  });

  it("does not shrink batches because of a backlog, which smaller ones would only make longer", () => {
    const adaptive = new AdaptiveLimits(options);
    for (let i = 0; i < 2000; i++) {
      const { maxBatchSize: rows } = adaptive.limits;
      adaptive.observe({ rows, requests: rows, waitMs: 5000, serviceMs: 1 + 0.1 * rows });
    }
    assert.equal(adaptive.limits.maxBatchSize, 64);
  });

  it("lengthens the delay while batches are not full and there is room, and shortens it first", () => {
    const adaptive = new AdaptiveLimits(options);
    saturate(adaptive, (rows) => 0.1 * rows, 2000);
    const size = adaptive.limits.maxBatchSize;
    const halfFull = (serviceMs: number) => {
      const waitMs = adaptive.limits.maxQueueDelayMs;
      return adaptive.observe({ rows: size / 4, requests: size / 4, waitMs, serviceMs });
    };
    for (let i = 0; i < 1000; i++) halfFull(2);
    assert.ok(Math.abs(adaptive.limits.maxQueueDelayMs - 10) < 1e-9);
    for (let i = 0; i < 1000 && adaptive.limits.maxQueueDelayMs > 9; i++) halfFull(15);
    assert.deepEqual(adaptive.limits, { maxBatchSize: size, maxQueueDelayMs: 5 });
  });

  it("says whether anything has changed", () => {
    const adaptive = new AdaptiveLimits(options);
    let changes = 0;
    for (let i = 0; i < 64; i++) {
      if (adaptive.observe({ rows: 1, requests: 1, waitMs: 0, serviceMs: 1 })) changes++;
    }
    assert.deepEqual([changes, adaptive.limits.maxBatchSize], [1, 2]);
  });
});
