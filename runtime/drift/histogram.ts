import type { FeatureBaseline } from "./baseline";
import type { FeatureSummary } from "./summary";
import { total } from "./total";

/** The same cells of two samples: bins, or values, then the values that are not listed, then what is missing. */
export interface Cells {
  readonly reference: readonly number[];
  readonly current: readonly number[];
}

/** @throws Error where the summary is not of this baseline */
export function cellsOf(feature: FeatureBaseline, summary: FeatureSummary): Cells {
  if (feature.kind === "numeric" && summary.kind === "numeric") {
    return withMissing(feature.counts, summary.counts, feature.missing, summary.missing);
  }
  if (feature.kind === "categorical" && summary.kind === "categorical") {
    return withMissing(
      [...Object.values(feature.values), feature.other],
      [...summary.counts, summary.other],
      feature.missing,
      summary.missing,
    );
  }
  throw new Error(`A ${summary.kind} summary is not of a ${feature.kind} feature.`);
}

function withMissing(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  missingThen: number,
  missingNow: number,
): Cells {
  if (reference.length !== current.length)
    throw new Error(`A summary with ${current.length} counts is not of a baseline with ${reference.length}.`);
  return {
    reference: [...Array.from(reference), missingThen],
    current: [...Array.from(current), missingNow],
  };
}

/** Each count by their sum. */
export function shares(counts: readonly number[]): number[] {
  const sum = total(counts);
  return counts.map((count) => count / sum);
}
