import type { Baseline } from "./baseline";
import { adjustedPValues } from "./correction";
import { scoreBy, scoreFeature, type FeatureScores, type Measure } from "./scores";
import type { FeatureSummary } from "./summary";

export interface JudgeOptions {
  /** What is compared with the threshold. @default "psi" */
  readonly measure?: Measure;
  /** Scores above it are large enough to matter. @default DEFAULT_THRESHOLDS of the measure */
  readonly threshold?: number;
  /** Of the p-values after their correction: the rate of false discoveries that is put up with. @default 0.01 */
  readonly alpha?: number;
  /** Values that a feature's window needs before anything is said. @default 500 */
  readonly minSamples?: number;
}

export const DEFAULT_MEASURE: Measure = "psi";
export const DEFAULT_ALPHA = 0.01;
export const DEFAULT_MIN_SAMPLES = 500;

/**
 * A PSI above 0.2 is commonly read as another population. The others are what that shift of a normal distribution's mean,
 * by 0.45 standard deviations, makes of them.
 */
export const DEFAULT_THRESHOLDS: Readonly<Record<Measure, number>> = {
  psi: 0.2,
  jensen_shannon: 0.19,
  kolmogorov_smirnov: 0.18,
  wasserstein: 0.45,
};

export type FeatureState = "drifted" | "stable" | "insufficient";

export interface FeatureJudgement {
  readonly feature: string;
  readonly state: FeatureState;
  /** What was compared with the threshold; NaN where the window is empty. */
  readonly score: number;
  readonly scores: FeatureScores;
  /** Corrected over the features with enough samples; 1 for the others. */
  readonly adjustedPValue: number;
}

/**
 * Judges every feature of a baseline by its window. A feature has drifted if its score is above the threshold *and* its
 * corrected p-value is below alpha: the first keeps large windows from calling out what does not matter, the second small
 * ones from calling out chance. Texts, and windows with fewer numbers than `minSamples` beside those that are missing, have no
 * Kolmogorov-Smirnov or Wasserstein that could be relied on: with those measures they are judged by PSI and its default threshold.
 * @param summaries by feature; one that lacks is insufficient
 * @returns in the order of the baseline's features; those without a summary are left out
 */
export function judgeFeatures(
  baseline: Pick<Baseline, "features">,
  summaries: ReadonlyMap<string, FeatureSummary>,
  options: JudgeOptions = {},
): FeatureJudgement[] {
  const { measure = DEFAULT_MEASURE, alpha = DEFAULT_ALPHA, minSamples = DEFAULT_MIN_SAMPLES } = options;
  const threshold = options.threshold ?? DEFAULT_THRESHOLDS[measure];
  const scored = Object.entries(baseline.features).flatMap(([feature, expected]) => {
    const summary = summaries.get(feature);
    if (summary === undefined) return [];
    const ofNumbers = measure === "kolmogorov_smirnov" || measure === "wasserstein";
    // Where hardly anything but missing values came there is no distribution of numbers; PSI counts missing ones.
    const fewNumbers = expected.kind === "categorical" || summary.count === 0 || summary.count < minSamples;
    const by = ofNumbers && fewNumbers ? "psi" : measure;
    const scores = scoreFeature(expected, summary, by);
    const least = by === measure ? threshold : DEFAULT_THRESHOLDS[by];
    return [{ feature, by, scores, least, enough: scores.samples >= minSamples && scores.samples > 0 }];
  });
  const tested = scored.filter(({ enough }) => enough);
  const adjusted = adjustedPValues(tested.map(({ scores }) => scores.pValue));
  const byFeature = new Map(tested.map(({ feature }, i) => [feature, adjusted[i]!]));
  return scored.map(({ feature, by, scores, least, enough }) => {
    const score = scoreBy(by, scores);
    const adjustedPValue = byFeature.get(feature) ?? 1;
    const drifted = score > least && adjustedPValue < alpha;
    const state = !enough ? "insufficient" : drifted ? "drifted" : "stable";
    return { feature, state, score, scores, adjustedPValue };
  });
}
