import assert from "node:assert/strict";
import { confidenceInterval, estimate, median, pairedRatio } from "../../bench/statistics";

const close = (got: number, expected: number) =>
  assert.ok(Math.abs(got - expected) < 1e-3 * Math.abs(expected), `${got} is not ${expected}`);

describe("the benchmark's statistics", () => {
  it("takes the middle, or the mean of both", () => {
    assert.equal(median([9, 1, 5]), 5);
    assert.equal(median([9, 1, 5, 3]), 4);
  });

  it("gives Student's interval for a few values", () => {
    // By hand: mean 3, standard deviation 1.5811, t of 4 degrees of freedom 2.776.
    const { low, high } = confidenceInterval([1, 2, 3, 4, 5]);
    close(low, 1.0371);
    close(high, 4.9629);
  });

  it("claims nothing from a single value", () => {
    assert.deepEqual(confidenceInterval([5]), { low: -Infinity, high: Infinity });
    assert.deepEqual(estimate([5]), { value: 5, low: 0, high: Infinity });
  });

  it("uses the normal distribution for many values", () => {
    const values = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 99 : 101));
    const { low, high } = confidenceInterval(values);
    close(high - low, (2 * 1.96 * Math.sqrt(400 / 399)) / 20);
  });

  it("finds the ratio that noise common to both halves of a round hides", () => {
    const noise = [1, 3, 0.2, 7, 2];
    const theirs = noise.map((factor) => 1000 * factor);
    const ours = noise.map((factor, i) => 1000 * factor * (1.2 + 0.01 * (i - 2)));
    const { value, low, high } = pairedRatio(ours, theirs);
    close(value, 1.2);
    assert.ok(low > 1.17 && high < 1.23, `${low} – ${high}`);
  });
});
