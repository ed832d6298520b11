import assert from "node:assert/strict";
import * as fc from "fast-check";
import { kolmogorovSmirnov, populationStability } from "../../../rollout/comparison/distribution";
import { binOf, LogHistogram, valueOf } from "../../../rollout/comparison/log-histogram";

function histogramOf(values: readonly number[]): LogHistogram {
  const histogram = new LogHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

const numbers = fc.array(fc.oneof(fc.double(), fc.double({ min: -2, max: 2 }), fc.integer()), {
  maxLength: 60,
});

describe("LogHistogram", () => {
  it("keeps every number within 1 %, of either sign", () => {
    const sizes = fc.double({ min: 1e-10, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(sizes, fc.boolean(), (size, negative) => {
        const value = negative ? -size : size;
        assert.ok(Math.abs(valueOf(binOf(value)) / value - 1) <= 0.0100001, String(value));
      }),
      { seed: 6, numRuns: 2000 },
    );
  });

  it("keeps the order of numbers", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (one, other) => {
        if (one <= other) assert.ok(binOf(one) <= binOf(other), `${one} ${other}`);
      }),
      { seed: 7, numRuns: 1000 },
    );
  });

  it("puts zero, the tiny and the huge where they belong", () => {
    assert.deepEqual([0, -0, 1e-11, -1e-11].map(binOf).map(valueOf), [0, 0, 0, 0]);
    assert.deepEqual([Infinity, -Infinity, 1e13].map(binOf).map(valueOf), [Infinity, -Infinity, Infinity]);
    assert.ok(binOf(1e-10) >= 1 && binOf(1e12) < binOf(Infinity));
  });

  it("has the quantiles of what it holds, within 1 %", () => {
    const positive = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), {
      minLength: 1,
      maxLength: 50,
    });
    fc.assert(
      fc.property(positive, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const sorted = [...values].sort((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(share * values.length)) - 1]!;
        assert.ok(Math.abs(histogramOf(values).quantile(share) / exact - 1) <= 0.0100001);
      }),
      { seed: 8 },
    );
  });

  it("joins to what one would have counted, in any order, and counts NaN apart", () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (a, b, c) => {
        const whole = JSON.stringify(histogramOf([...a, ...b, ...c]));
        const left = histogramOf(a);
        left.join(histogramOf(b));
        left.join(histogramOf(c));
        const right = histogramOf(c);
        right.join(histogramOf(b));
        right.join(histogramOf(a));
        assert.equal(JSON.stringify(left), whole);
        assert.equal(JSON.stringify(right), whole);
        assert.equal(left.count + left.notANumber, a.length + b.length + c.length);
        assert.equal(JSON.stringify(LogHistogram.of(JSON.parse(whole) as never)), whole);
      }),
      { seed: 9 },
    );
  });

  it("takes no more memory for more numbers than for its bins", () => {
    const histogram = new LogHistogram();
    for (let i = 0; i < 60_000; i++) histogram.add((i % 2 ? 1 : -1) * 10 ** ((i % 5000) / 150 - 15));
    assert.ok(histogram.toJSON().bins.length <= 2 * 2536 + 1, String(histogram.toJSON().bins.length));
  });

  it("refuses counts that are none", () => {
    assert.throws(() => LogHistogram.of({ count: 1, notANumber: 0, bins: [[1, -1]] }), {
      message: "`bins`: [1, -1] must be a bin's number and how many it holds",
    });
  });
});

describe("distributions", () => {
  const range = (count: number) => Array.from({ length: count }, (_, k) => k);
  const live = histogramOf([
    ...range(200).map((k) => 1.05 ** ((k * 7) % 40)),
    ...range(30).map((k) => -(1.05 ** (k % 9))),
    ...range(5).map(() => 0),
  ]);
  const candidate = histogramOf([
    ...range(150).map((k) => 1.05 ** (((k * 11) % 37) + 2)),
    ...range(40).map((k) => -(1.05 ** (k % 5))),
    ...range(9).map(() => 0),
  ]);
  const near = (found: number, expected: number) =>
    assert.ok(Math.abs(found - expected) < 1e-12, `${found} is not ${expected}`);

  it("have the distance of scipy.stats.ks_2samp", () =>
    near(kolmogorovSmirnov(live, candidate), 0.09729498556612852));

  it("have the stability index of the same sums in numpy", () =>
    near(populationStability(live, candidate), 0.028366722559136408));

  it("are no distance from themselves, and 1 from what they do not overlap", () => {
    assert.equal(kolmogorovSmirnov(live, live), 0);
    assert.equal(populationStability(live, live), 0);
    assert.equal(kolmogorovSmirnov(histogramOf([1, 2]), histogramOf([3, 4])), 1);
    assert.ok(populationStability(histogramOf(range(100)), histogramOf(range(100).map((k) => k + 200))) > 2);
  });

  it("say nothing where there are no numbers", () => {
    assert.ok(Number.isNaN(kolmogorovSmirnov(histogramOf([]), live)));
    assert.ok(Number.isNaN(populationStability(live, histogramOf([NaN]))));
  });
});
