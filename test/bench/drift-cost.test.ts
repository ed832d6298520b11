import assert from "node:assert/strict";
import { pooledFigures, type Measured } from "../../bench/drift-cost";

const samples = (cpu: number[]) => ({ rates: [], cpu, p50: [], p99: [] });
const point = (without: number[], drift: number[]): Measured =>
  new Map([
    ["no baseline", samples(without)],
    ["drift", samples(drift)],
  ]);

describe("bench drift-cost", () => {
  it("says what drift costs at all points together, by the ratios of their rounds", () => {
    // Ratios 1, 4 and 2, 2: a geometric mean of 2, whatever a request costs at each point.
    const [figure, ...others] = pooledFigures([point([10, 10], [10, 40]), point([100, 50], [200, 100])]);
    assert.deepEqual(others, []);
    const { value, ...rest } = figure!;
    assert.deepEqual(rest, {
      benchmark: "drift-cost",
      measure: "geometric mean of all 2",
      server: "drift",
      unit: "of the CPU time",
    });
    assert.ok(Math.abs(value.value - 2) < 1e-12);
    // Student's t of 3 degrees of freedom, 3.182, times the deviation of the logarithms, 0.566, over the root of 4.
    const reach = Math.exp((3.182 * Math.sqrt((2 * Math.log(2) ** 2) / 3)) / 2);
    assert.ok(Math.abs(value.high - 2 * reach) < 1e-9 && Math.abs(value.low - 2 / reach) < 1e-9);
  });

  it("says nothing where processor time is not known", () => {
    assert.deepEqual(pooledFigures([point([], [])]), []);
  });
});
