import assert from "node:assert/strict";
import * as fc from "fast-check";
import { joined, NO_MOMENTS, proportion, sample, withValue } from "../../../rollout/experiment/observations";

const momentsOf = (values: readonly number[]) => values.reduce(withValue, NO_MOMENTS);

describe("proportion", () => {
  it("gives the share, and a variance that is never zero", () => {
    const variance = (21 / 102) * (1 - 21 / 102);
    assert.deepEqual(proportion(20, 100), { count: 100, mean: 0.2, variance, yesOrNo: true });
    assert.ok(proportion(100, 100).variance > 0);
    assert.deepEqual(proportion(0, 0), { count: 0, mean: 0, variance: 0.25, yesOrNo: true });
  });

  it("refuses what no count can be", () => {
    assert.throws(() => proportion(3, 2), { message: "`successes`: 3 must be a whole number from 0 to 2" });
    assert.throws(() => proportion(0, 1.5), { message: "`trials`: 1.5 must be a whole number >= 0" });
  });
});

describe("sample", () => {
  it("gives mean and variance of what was added, large means included", () => {
    // numpy.var([1e9+4, 1e9+7, 1e9+13, 1e9+16], ddof=1)
    const { count, mean, variance } = sample(momentsOf([4, 7, 13, 16].map((x) => 1e9 + x)));
    assert.deepEqual({ count, mean, variance }, { count: 4, mean: 1e9 + 10, variance: 30 });
  });

  it("is the same whether values were added one by one or joined in parts", () => {
    const numbers = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(numbers, numbers, (one, other) => {
        const apart = sample(joined(momentsOf(one), momentsOf(other)));
        const together = sample(momentsOf([...one, ...other]));
        assert.equal(apart.count, together.count);
        assert.ok(Math.abs(apart.mean - together.mean) < 1e-9);
        assert.ok(Math.abs(apart.variance - together.variance) < 1e-6);
      }),
      { seed: 2 },
    );
  });

  it("knows no variance of one value", () => {
    assert.deepEqual(sample(momentsOf([3])), { count: 1, mean: 3, variance: 0 });
  });
});
