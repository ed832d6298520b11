import assert from "node:assert/strict";
import {
  BATCH_SIZE_BOUNDS,
  Histogram,
  PART_BOUNDS,
  REQUEST_BOUNDS,
} from "../../../runtime/metrics/histogram";

/** Index of the bucket in which a value is counted. */
function bucketOf(bounds: Float64Array, value: number): number {
  const histogram = new Histogram(bounds);
  histogram.observe(value);
  return histogram.buckets.indexOf(1);
}

describe("Histogram", () => {
  it("counts a value below the first bound that it does not exceed", () => {
    for (const bounds of [BATCH_SIZE_BOUNDS, PART_BOUNDS, REQUEST_BOUNDS]) {
      bounds.forEach((bound, i) => {
        assert.equal(bucketOf(bounds, bound), i);
        assert.equal(bucketOf(bounds, bound * 1.0001), i + 1);
      });
      assert.equal(bucketOf(bounds, 0), 0);
      assert.equal(bucketOf(bounds, Infinity), bounds.length);
    }
  });
});

describe("the bounds of a request's time", () => {
  it("tell apart what differs by three tenths, from a millisecond to beyond the gateway's minute", () => {
    assert.notEqual(bucketOf(REQUEST_BOUNDS, 0.011), bucketOf(REQUEST_BOUNDS, 0.024));
    const bounds = [...REQUEST_BOUNDS].filter((bound) => bound >= 0.001);
    for (const [i, bound] of bounds.slice(1).entries()) {
      const factor = bound / bounds[i]!;
      assert.ok(factor > 1.2 && factor < 1.3, `${bounds[i]} to ${bound}`);
    }
    assert.ok(bounds.at(-1)! > 60);
  });

  it("have those that objectives and queries name", () => {
    for (const bound of [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10])
      assert.ok(REQUEST_BOUNDS.includes(bound), String(bound));
  });
});
