import assert from "node:assert/strict";
import type { FeatureBaseline } from "../../../../runtime/drift/baseline";
import { judgeFeatures, type FeatureJudgement } from "../../../../runtime/drift/judge";
import { driftSettings } from "../../../../runtime/drift/monitor/drift-config";
import { judgeInTurns } from "../../../../runtime/drift/monitor/judge-in-turns";
import { seededNormal } from "../../../../runtime/drift/projection";
import { createSummary, type FeatureSummary } from "../../../../runtime/drift/summary";
import { BASELINE } from "./support";

/** So many features of which every fourth has moved a little, every ninth far, and every seventh has too few values. */
function window(count: number) {
  const normal = seededNormal(7);
  const texts: FeatureBaseline = {
    kind: "categorical",
    count: 9,
    missing: 0,
    values: { a: 6, b: 3 },
    other: 0,
  };
  const features: Record<string, FeatureBaseline> = {};
  const summaries = new Map<string, FeatureSummary>();
  for (let i = 0; i < count; i++) {
    const name = `input:x[${i}]`;
    features[name] = i % 5 === 0 ? texts : BASELINE.features["input:x[0]"]!;
    const summary = createSummary(features[name]);
    for (let row = 0; row < (i % 7 === 0 ? 50 : 150); row++) {
      if (summary.kind === "categorical") summary.add(row % 3 === 0 ? "b" : "a");
      else summary.add(normal() + (i % 9 === 0 ? 2 : i % 4 === 0 ? 0.25 : 0));
    }
    summaries.set(name, summary);
  }
  return { features, summaries };
}

describe("judgeInTurns", () => {
  for (const measure of ["psi", "kolmogorov_smirnov"] as const) {
    it(`finds what judgeFeatures finds at once, by ${measure}`, () => {
      const { features, summaries } = window(400);
      const settings = driftSettings({ measure, minSamples: 100, threshold: 0.05 });
      const waiting: (() => void)[] = [];
      let found: FeatureJudgement[] | undefined;
      judgeInTurns(
        { baseline: { features }, settings, summaryOf: (name) => summaries.get(name)! },
        (turn) => waiting.push(turn),
        (judged, all) => {
          found = judged;
          assert.deepEqual([...all.keys()], Object.keys(features));
        },
      );
      let turns = 1;
      for (; waiting.length > 0; turns++) waiting.shift()!();
      assert.equal(turns, 3);
      const expected = judgeFeatures({ features }, summaries, settings);
      assert.deepEqual(found, expected);
      const states = new Set(expected.map(({ state }) => state));
      assert.deepEqual([...states].sort(), ["drifted", "insufficient", "stable"]);
      assert.ok(
        expected.some(({ state, score }) => state === "stable" && score > 0.05),
        "chance must be told from drift for this to prove anything",
      );
    });
  }
});
