import assert from "node:assert/strict";
import {
  burnThresholds,
  longestLookback,
  neededWindows,
} from "../../../../components/observability/alerts/burn-rate";

const rates = (percent: number, days: number) =>
  burnThresholds(percent, days).map(({ long, short, burnRate }) => [
    long,
    short,
    Number(burnRate.toPrecision(6)),
  ]);
const ratios = (percent: number, days = 30) =>
  burnThresholds(percent, days).map(({ ratio }) => Number(ratio.toPrecision(6)));

describe("burn rates", () => {
  it("are the workbook's for 30 days", () => {
    assert.deepEqual(rates(99.9, 30), [
      ["1h", "5m", 14.4],
      ["6h", "30m", 6],
      ["1d", "2h", 3],
      ["3d", "6h", 1],
    ]);
    assert.deepEqual(ratios(99.9), [0.0144, 0.006, 0.003, 0.001]);
  });

  it("spend the same share of the budget over other windows", () => {
    assert.deepEqual(
      rates(99.9, 90).map(([, , rate]) => rate),
      [43.2, 18, 9, 3],
    );
    assert.equal(rates(99.9, 7)[0]![2], 3.36);
  });

  it("do not go below what is a reason to wake somebody, or to write a ticket", () => {
    assert.deepEqual(
      rates(99.9, 7).map(([, , rate]) => rate),
      [3.36, 2, 1, 1],
    );
  });

  it("leave out pairs that look back further than the objective goes", () => {
    assert.deepEqual(
      rates(99.9, 1).map(([long, , rate]) => [long, rate]),
      [
        ["1h", 2],
        ["6h", 2],
        ["1d", 1],
      ],
    );
    assert.deepEqual([1, 2, 3, 90].map(longestLookback), [1, 1, 3, 3]);
  });

  it("have thresholds that an outage exceeds, however large the budget is", () => {
    assert.deepEqual(ratios(60), [0.9, 0.9, 0.9, 0.4]);
    assert.deepEqual(ratios(99, 90), [0.432, 0.18, 0.09, 0.03]);
  });

  it("need each window once, from the shortest on", () => {
    assert.deepEqual(neededWindows(burnThresholds(99.9, 30)), ["5m", "30m", "1h", "2h", "6h", "1d", "3d"]);
    assert.deepEqual(neededWindows(burnThresholds(99.9, 1)), ["5m", "30m", "1h", "2h", "6h", "1d"]);
  });
});
