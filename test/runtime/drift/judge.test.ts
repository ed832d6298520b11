import assert from "node:assert/strict";
import type { Baseline, CategoricalBaseline, FeatureBaseline } from "../../../runtime/drift/baseline";
import { DEFAULT_THRESHOLDS, judgeFeatures, type JudgeOptions } from "../../../runtime/drift/judge";
import { counted, NumberCollector } from "../../../runtime/drift/profile/collectors";
import { MEASURES, scoreFeature } from "../../../runtime/drift/scores";
import { createSummary, type FeatureSummary } from "../../../runtime/drift/summary";
import { draw } from "./support/draw";

const COUNTRY: CategoricalBaseline = {
  kind: "categorical",
  count: 5000,
  missing: 0,
  values: { NO: 3000, SE: 2000 },
  other: 0,
};

function normalBaseline(seed: number): FeatureBaseline {
  const values = draw({ normal: [0, 1], rows: 20_000, seed });
  const collector = new NumberCollector(false);
  collector.addAll(values);
  const frame = collector.frame(20)!;
  const summary = createSummary(frame);
  summary.addAll(values, 0, 1);
  return counted(frame, summary);
}

const BASELINE: Pick<Baseline, "features"> = {
  features: { "input:x[0]": normalBaseline(1), "input:x[1]": normalBaseline(2), "input:country": COUNTRY },
};

function windowOf(feature: string, fill: (summary: FeatureSummary) => void): [string, FeatureSummary] {
  const summary = createSummary(BASELINE.features[feature]!);
  fill(summary);
  return [feature, summary];
}

const normal = (feature: string, mean: number, rows: number, seed = 77) =>
  windowOf(feature, (summary) => summary.addAll(draw({ normal: [mean, 1], rows, seed }), 0, 1));

const countries = (no: number, se: number) =>
  windowOf("input:country", (summary) => {
    if (summary.kind !== "categorical") return;
    summary.add("NO", no);
    summary.add("SE", se);
  });

const states = (summaries: [string, FeatureSummary][], options?: JudgeOptions) =>
  judgeFeatures(BASELINE, new Map(summaries), options).map(({ state }) => state);

describe("judgeFeatures", () => {
  it("tells the feature that moved from those that did not", () => {
    const summaries = [normal("input:x[0]", 0, 1000), normal("input:x[1]", 1, 1000), countries(610, 390)];
    assert.deepEqual(states(summaries), ["stable", "drifted", "stable"]);
  });

  for (const measure of MEASURES) {
    it(`says of a window with a handful of numbers that it drifted, by ${measure}`, () => {
      const few = [...draw({ normal: [0, 1], rows: 5, seed: 77 }), ...new Array<number>(995).fill(NaN)];
      const window = windowOf("input:x[0]", (summary) => summary.addAll(few, 0, 1));
      assert.deepEqual(states([window, normal("input:x[1]", 0, 1000)], { measure }), ["drifted", "stable"]);
    });

    it(`says of a window in which every number is missing that it drifted, by ${measure}`, () => {
      const nothing = windowOf("input:x[0]", (summary) => summary.addAll(new Array(1000).fill(NaN), 0, 1));
      assert.deepEqual(states([nothing, normal("input:x[1]", 0, 1000)], { measure }), ["drifted", "stable"]);
    });
  }

  it("follows the baseline's order, and leaves out what has no summary", () => {
    const judged = judgeFeatures(BASELINE, new Map([countries(500, 500), normal("input:x[0]", 0, 1000)]));
    assert.deepEqual(
      judged.map(({ feature }) => feature),
      ["input:x[0]", "input:country"],
    );
  });

  it("says nothing below the least number of samples, and does not count those features as tested", () => {
    const few = normal("input:x[0]", 3, 499);
    const judged = judgeFeatures(BASELINE, new Map([few, normal("input:x[1]", 1, 500)]));
    assert.deepEqual(
      judged.map(({ state }) => state),
      ["insufficient", "drifted"],
    );
    assert.equal(judged[0]!.adjustedPValue, 1);
    assert.equal(judged[1]!.adjustedPValue, judged[1]!.scores.pValue);
    assert.deepEqual(states([few], { minSamples: 100 }), ["drifted"]);
  });

  it("takes an empty window for insufficient, whatever is asked for", () => {
    const [judged] = judgeFeatures(BASELINE, new Map([normal("input:x[0]", 0, 0)]), { minSamples: 0 });
    assert.equal(judged!.state, "insufficient");
    assert.ok(Number.isNaN(judged!.score));
    assert.equal(judged!.scores.pValue, 1);
  });

  it("does not alarm on what is certain but small, however many rows say so", () => {
    const [judged] = judgeFeatures(BASELINE, new Map([normal("input:x[0]", 0.2, 30_000)]));
    assert.ok(judged!.adjustedPValue < 1e-9);
    assert.equal(judged!.state, "stable");
    assert.deepEqual(states([normal("input:x[0]", 0.2, 30_000)], { threshold: 0.02 }), ["drifted"]);
  });

  it("does not alarm on what is large but may be chance", () => {
    const few = normal("input:x[0]", 0, 40);
    const [judged] = judgeFeatures(BASELINE, new Map([few]), { minSamples: 20 });
    assert.ok(judged!.score > DEFAULT_THRESHOLDS.psi, String(judged!.score));
    assert.equal(judged!.state, "stable");
  });

  it("corrects for the number of features", () => {
    const summaries = [normal("input:x[0]", 0, 1000), normal("input:x[1]", 1, 1000)];
    const [, moved] = judgeFeatures(BASELINE, new Map(summaries), { measure: "wasserstein" });
    assert.equal(moved!.adjustedPValue, Math.min(1, 2 * moved!.scores.pValue));
  });

  for (const measure of MEASURES) {
    it(`finds a mean that moved by 0.6 deviations by ${measure}, and none that moved by 0.3`, () => {
      const judged = (mean: number) => states([normal("input:x[0]", mean, 2000)], { measure });
      assert.deepEqual([judged(0.6), judged(0.3)], [["drifted"], ["stable"]]);
    });
  }

  it("judges texts by PSI where the measure is for numbers", () => {
    const judged = judgeFeatures(BASELINE, new Map([countries(100, 900)]), {
      measure: "wasserstein",
      threshold: 100,
    });
    assert.deepEqual([judged[0]!.state, judged[0]!.score], ["drifted", judged[0]!.scores.psi]);
  });
});

describe("scoreFeature", () => {
  it("scores missing values as a cell of their own", () => {
    const [, summary] = windowOf("input:x[0]", (window) => {
      window.addAll(draw({ normal: [0, 1], rows: 950, seed: 5 }), 0, 1);
      window.addAll(new Float64Array(50).fill(NaN), 0, 1);
    });
    const scores = scoreFeature(BASELINE.features["input:x[0]"]!, summary);
    assert.ok(scores.psi > 0.2 && scores.pValue < 1e-6, JSON.stringify(scores));
    assert.equal(scores.samples, 1000);
    assert.ok(scores.kolmogorovSmirnov! < 0.05);
  });

  it("scores nothing but missing values", () => {
    const [, summary] = windowOf("input:x[0]", (window) => window.addAll([NaN, NaN], 0, 1));
    const { psi, jensenShannon, kolmogorovSmirnov, wasserstein } = scoreFeature(
      BASELINE.features["input:x[0]"]!,
      summary,
    );
    assert.ok(psi > 5);
    assert.ok(Math.abs(jensenShannon - 1) < 1e-9);
    assert.deepEqual([kolmogorovSmirnov, wasserstein], [NaN, NaN]);
  });

  it("gives a constant's distance in its own unit", () => {
    const collector = new NumberCollector(false);
    collector.addAll([5, 5, 5, 5]);
    const frame = collector.frame(10)!;
    const then = createSummary(frame);
    collector.countInto(then);
    const baseline = counted(frame, then);
    const now = createSummary(baseline);
    now.addAll([3, 3], 0, 1);
    const { wasserstein, psi, kolmogorovSmirnov } = scoreFeature(baseline, now);
    assert.deepEqual([wasserstein, kolmogorovSmirnov], [2, 1]);
    assert.ok(psi > 9);
  });

  it("does not call a single new value in a window evidence", () => {
    const [, summary] = countries(600, 399);
    summary.addAll(["DK"] as never[], 0, 1);
    assert.ok(scoreFeature(COUNTRY, summary).pValue > 0.5);
  });

  it("refuses a summary of another kind", () => {
    const [, summary] = countries(1, 1);
    assert.throws(() => scoreFeature(BASELINE.features["input:x[0]"]!, summary), {
      message: "A categorical summary is not of a numeric feature.",
    });
  });
});
