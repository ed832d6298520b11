import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CategoricalBaseline, NumericBaseline } from "../../../runtime/drift/baseline";
import { chiSquarePValue, chiSquareTail } from "../../../runtime/drift/chi-square";
import { adjustedPValues } from "../../../runtime/drift/correction";
import { cellsOf } from "../../../runtime/drift/histogram";
import { kolmogorovTail } from "../../../runtime/drift/kolmogorov-smirnov";
import { NumberCollector, counted } from "../../../runtime/drift/profile/collectors";
import { scoreFeature } from "../../../runtime/drift/scores";
import type { NumericSummary } from "../../../runtime/drift/summary";
import { createSummary, summaryFromJSON } from "../../../runtime/drift/summary";
import { draw, type Distribution } from "./support/draw";

interface Cases {
  readonly bins: number;
  readonly numeric: readonly { name: string; reference: Distribution; current: Distribution }[];
  readonly categorical: readonly {
    name: string;
    reference: Record<string, number>;
    current: Record<string, number>;
  }[];
  readonly pValues: readonly number[][];
}

interface OfCells {
  readonly name: string;
  readonly psi: number;
  readonly jensenShannon: number;
  readonly chiSquarePValue: number;
}

interface Expected {
  readonly numeric: readonly (OfCells & {
    edges: number[];
    reference: number[];
    current: number[];
    kolmogorovSmirnov: number;
    kolmogorovSmirnovPValue: number;
    wasserstein: number;
    ofValues: {
      evidentlyPsi: number;
      evidentlyJensenShannon: number;
      evidentlyWasserstein: number;
      kolmogorovSmirnov: number;
      kolmogorovSmirnovPValue: number;
      wasserstein: number;
    };
  })[];
  readonly categorical: readonly OfCells[];
  readonly benjaminiHochberg: readonly number[][];
  readonly chiSquareTail: readonly [x: number, degreesOfFreedom: number, tail: number][];
  readonly kolmogorovTail: readonly [x: number, tail: number][];
}

const folder = join(__dirname, "../../oracles");
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));
const cases = read("drift-cases.json") as Cases;
const expected = read("drift.json") as Expected;

const EXACT = 1e-9;

function near(actual: number | undefined, wanted: number, tolerance: number): void {
  const off = Math.abs(actual! - wanted);
  assert.ok(
    off <= tolerance * Math.max(1, Math.abs(wanted)),
    `${actual} is not within ${tolerance} of ${wanted}`,
  );
}

function profile(values: Float64Array, bins: number): NumericBaseline {
  const collector = new NumberCollector(false);
  collector.addAll(values);
  const frame = collector.frame(bins)!;
  const summary = createSummary(frame);
  summary.addAll(values, 0, 1);
  return counted(frame, summary) as NumericBaseline;
}

describe("scores of numbers, beside scipy and evidently", () => {
  cases.numeric.forEach(({ name, reference, current }, i) => {
    const wanted = expected.numeric[i]!;
    const baseline = profile(draw(reference), cases.bins);
    const window = createSummary(baseline) as NumericSummary;
    window.addAll(draw(current));

    describe(name, () => {
      it("has the bins and counts that numpy has", () => {
        assert.equal(wanted.name, name);
        baseline.edges.forEach((edge, at) => near(edge, wanted.edges[at]!, EXACT));
        assert.deepEqual([baseline.counts, [...window.counts]], [wanted.reference, wanted.current]);
      });

      it("scores the same histogram the same", () => {
        const scores = scoreFeature(baseline, window);
        near(scores.psi, wanted.psi, EXACT);
        near(scores.jensenShannon, wanted.jensenShannon, EXACT);
        near(scores.kolmogorovSmirnov, wanted.kolmogorovSmirnov, EXACT);
        near(scores.wasserstein, wanted.wasserstein, EXACT);
        near(scores.pValue, wanted.chiSquarePValue, EXACT);
        near(scoreFeature(baseline, window, "wasserstein").pValue, wanted.kolmogorovSmirnovPValue, EXACT);
      });

      it("is close to what the values themselves give", () => {
        const { ofValues } = wanted;
        const scores = scoreFeature(baseline, window);
        // The bins hide what happens within one: 5 % of the baseline.
        near(scores.kolmogorovSmirnov, ofValues.kolmogorovSmirnov, 0.02);
        assert.ok(scores.kolmogorovSmirnov! <= ofValues.kolmogorovSmirnov + EXACT);
        near(scores.wasserstein! / ofValues.wasserstein, 1, 0.02);
        near(scores.wasserstein! / ofValues.evidentlyWasserstein, 1, 0.02);
      });
    });
  });

  it("agrees with evidently's own bins on what is above its threshold of 0.1 and what below", () => {
    const scores = expected.numeric.map(({ psi, ofValues }) => [psi > 0.1, ofValues.evidentlyPsi > 0.1]);
    const differing = cases.numeric.filter((_, i) => scores[i]![0] !== scores[i]![1]).map(({ name }) => name);
    // A uniform has nothing beyond its ends: evidently's bins of equal width see the normal's tails there, quantiles share them.
    assert.deepEqual(differing, ["uniform against normal"]);
  });
});

describe("scores of texts, beside scipy and evidently", () => {
  cases.categorical.forEach(({ name, reference, current }, i) => {
    it(name, () => {
      const wanted = expected.categorical[i]!;
      assert.equal(wanted.name, name);
      const { other = 0, ...values } = reference;
      const { other: otherNow = 0, ...counts } = current;
      const count = Object.values(reference).reduce((sum, each) => sum + each, 0);
      const baseline: CategoricalBaseline = { kind: "categorical", count, missing: 0, values, other };
      const window = summaryFromJSON(baseline, {
        kind: "categorical",
        counts: Object.values(counts),
        missing: 0,
        other: otherNow,
      });
      const scores = scoreFeature(baseline, window);
      near(scores.psi, wanted.psi, EXACT);
      near(scores.jensenShannon, wanted.jensenShannon, EXACT);
      near(scores.pValue, wanted.chiSquarePValue, EXACT);
      near(chiSquarePValue(cellsOf(baseline, window)), wanted.chiSquarePValue, EXACT);
    });
  });
});

describe("distributions and corrections, beside scipy", () => {
  it("has the tail of chi-square", () => {
    for (const [x, degreesOfFreedom, tail] of expected.chiSquareTail)
      near(chiSquareTail(x, degreesOfFreedom), tail, EXACT);
  });

  it("has the tail of Kolmogorov's distribution", () => {
    for (const [x, tail] of expected.kolmogorovTail) near(kolmogorovTail(x), tail, EXACT);
  });

  it("adjusts p-values as false_discovery_control does", () => {
    cases.pValues.forEach((pValues, i) => {
      const adjusted = adjustedPValues(pValues);
      assert.equal(adjusted.length, pValues.length);
      adjusted.forEach((value, at) => near(value, expected.benjaminiHochberg[i]![at]!, EXACT));
    });
  });
});
