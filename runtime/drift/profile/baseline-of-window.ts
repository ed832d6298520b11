import { createHash } from "node:crypto";
import { BASELINE_FORMAT, type Baseline, type FeatureBaseline } from "../baseline";
import type { MergedDrift } from "../merge-reports";
import { DataMistake } from "../readers/source";
import { summaryFromJSON } from "../summary";
import { counted } from "./collectors";

/** A bin with more of a feature's values than this share hides what changes within it. */
const MOST_OF_A_BIN = 0.5;

/** A baseline made of what a service was asked, in the bins of the one that it had. */
export interface BaselineOfWindow {
  readonly baseline: Baseline;
  /** Sentences on what a person may not have expected. */
  readonly notes: readonly string[];
}

/**
 * Takes what the replicas of a version saw in their last window for its new reference: where there is no training data, or where what
 * has changed is how things are from now on.
 * @param service what the baseline says it is of
 * @throws DataMistake where no window has ended, or a feature has too few values
 */
export function baselineOfWindow(drift: MergedDrift, service: string): BaselineOfWindow {
  const { window, baseline, model_name, model_version, settings } = drift;
  const named = `version ${model_version} of \`${model_name}\``;
  if (window === null)
    throw new DataMistake(
      `No window of ${named} has ended yet; one does every ${settings.window_seconds / 2} seconds.`,
    );
  const notes: string[] = [];
  const features = Object.entries(baseline.features).map(([feature, frame]): [string, FeatureBaseline] => {
    const reported = window.features[feature];
    if (reported === undefined || reported.samples < settings.min_samples)
      throw new DataMistake(
        `\`${feature}\` of ${named} has ${reported?.samples ?? 0} values in the last window, but needs ${settings.min_samples}; send requests and try again.`,
      );
    const made = counted(frame, summaryFromJSON(frame, reported.summary));
    if (made.count === 0)
      throw new DataMistake(`\`${feature}\` of ${named} has only missing values in the last window.`);
    const fullest = made.kind === "numeric" ? Math.max(...made.counts) / made.count : 0;
    if (fullest > MOST_OF_A_BIN)
      notes.push(
        `\`${feature}\` has ${Math.round(100 * fullest)} % of its values in one bin: what changes within it is not seen; make the baseline from data to have finer bins.`,
      );
    return [feature, made];
  });
  const seen = JSON.stringify(window.features);
  return {
    baseline: {
      format: BASELINE_FORMAT,
      ...(baseline.modelSha256 === undefined ? {} : { modelSha256: baseline.modelSha256 }),
      data: {
        file: `service ${service}, ${window.start} to ${window.end}`,
        sha256: createHash("sha256").update(seen).digest("hex"),
        rows: window.rows,
      },
      features: Object.fromEntries(features),
      ...(baseline.projections === undefined ? {} : { projections: baseline.projections }),
    },
    notes,
  };
}
