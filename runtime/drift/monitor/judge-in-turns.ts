import type { Baseline } from "../baseline";
import { adjustedPValues } from "../correction";
import { judgeFeatures, type FeatureJudgement } from "../judge";
import type { FeatureSummary } from "../summary";
import type { DriftSettings } from "./drift-config";

/** Bins and values that are judged in one turn of the event loop, about 2 ms. */
const CELLS_PER_TURN = 1500;

/** What is judged, and what for. */
export interface JudgedWindow {
  readonly baseline: Pick<Baseline, "features">;
  readonly settings: DriftSettings;
  /** By feature; asked for once of each, in the order of the baseline. */
  readonly summaryOf: (feature: string, place: number) => FeatureSummary;
}

/**
 * `judgeFeatures` in portions, between which requests are served: a wide model's features take longer than those may wait.
 * @param soon calls back in another turn of the event loop
 * @param done called in the last of them
 */
export function judgeInTurns(
  { baseline, settings, summaryOf }: JudgedWindow,
  soon: (callback: () => void) => void,
  done: (features: FeatureJudgement[], summaries: ReadonlyMap<string, FeatureSummary>) => void,
): void {
  const features = Object.entries(baseline.features);
  const summaries = new Map<string, FeatureSummary>();
  const found: FeatureJudgement[] = [];
  let place = 0;
  const turn = () => {
    const portion: typeof features = [];
    for (let cells = 0; place < features.length && cells < CELLS_PER_TURN; place++) {
      const [name] = features[place]!;
      const summary = summaryOf(name, place);
      summaries.set(name, summary);
      portion.push(features[place]!);
      cells += summary.counts.length;
    }
    // Whether a score is too high does not depend on the other features; whether it may be chance does, and is looked at in the end.
    const options = { ...settings, alpha: Infinity };
    found.push(...judgeFeatures({ features: Object.fromEntries(portion) }, summaries, options));
    if (place < features.length) soon(turn);
    else done(withoutChance(found, settings.alpha), summaries);
  };
  turn();
}

/** Adjusts the p-values of all features together; one that may be chance is no drift. */
function withoutChance(found: readonly FeatureJudgement[], alpha: number): FeatureJudgement[] {
  const tested = found.filter(({ state }) => state !== "insufficient");
  const adjusted = adjustedPValues(tested.map(({ scores }) => scores.pValue));
  const byFeature = new Map(tested.map(({ feature }, i) => [feature, adjusted[i]!]));
  return found.map((judged) => {
    const adjustedPValue = byFeature.get(judged.feature) ?? 1;
    const state = judged.state === "drifted" && !(adjustedPValue < alpha) ? "stable" : judged.state;
    return { ...judged, adjustedPValue, state };
  });
}
