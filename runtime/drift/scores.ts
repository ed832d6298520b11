import type { FeatureBaseline, NumericBaseline } from "./baseline";
import { chiSquarePValue } from "./chi-square";
import { cellsOf, shares, type Cells } from "./histogram";
import { kolmogorovSmirnov, kolmogorovSmirnovPValue } from "./kolmogorov-smirnov";
import type { FeatureSummary, NumericSummary } from "./summary";
import { wasserstein } from "./wasserstein";

/** How far a feature can be said to be from its baseline. The last two are for numbers only. */
export const MEASURES = ["psi", "jensen_shannon", "kolmogorov_smirnov", "wasserstein"] as const;
export type Measure = (typeof MEASURES)[number];

/** What a feature's window says beside its baseline. Scores are NaN where the window is empty. */
export interface FeatureScores {
  /** Population stability index, from 0. */
  readonly psi: number;
  /** Jensen-Shannon distance, 0 to 1. */
  readonly jensenShannon: number;
  /** Two-sample Kolmogorov-Smirnov statistic, 0 to 1; of numbers. */
  readonly kolmogorovSmirnov?: number;
  /** Wasserstein-1 distance in standard deviations of the baseline; of numbers. */
  readonly wasserstein?: number;
  /** That the window has the baseline's distribution, by `test`; not corrected for other features. */
  readonly pValue: number;
  readonly test: "chi-square" | "kolmogorov-smirnov";
  /** Values in the window, with those that are missing. */
  readonly samples: number;
}

/** Takes the place of a share that is less: no logarithm could take 0. As evidently's PSI has it for empty bins. */
export const LEAST_SHARE = 1e-4;

/**
 * Scores of a window. Missing values are a cell of their own in PSI, Jensen-Shannon and chi-square, and are left out of the
 * other two.
 * @param measure that is judged by: its kind decides which test gives the p-value
 * @throws Error where the summary is not of this baseline
 */
export function scoreFeature(
  feature: FeatureBaseline,
  summary: FeatureSummary,
  measure: Measure = "psi",
): FeatureScores {
  const cells = cellsOf(feature, summary);
  const samples = summary.count + summary.missing;
  const ofCells = {
    psi: populationStability(cells),
    jensenShannon: jensenShannon(cells),
    pValue: samples === 0 ? 1 : chiSquarePValue(cells),
    test: "chi-square",
    samples,
  } as const;
  if (feature.kind !== "numeric" || summary.kind !== "numeric") return ofCells;
  const ofNumbers = numericScores(feature, summary);
  if (measure !== "kolmogorov_smirnov" && measure !== "wasserstein") return { ...ofCells, ...ofNumbers };
  const { kolmogorovSmirnov: statistic } = ofNumbers;
  const pValue = summary.count === 0 ? 1 : kolmogorovSmirnovPValue(statistic, feature.count, summary.count);
  return { ...ofCells, ...ofNumbers, pValue, test: "kolmogorov-smirnov" };
}

/** The score that a measure names; for texts, PSI takes the place of those that only numbers have. */
export function scoreBy(measure: Measure, scores: FeatureScores): number {
  switch (measure) {
    case "psi":
      return scores.psi;
    case "jensen_shannon":
      return scores.jensenShannon;
    case "kolmogorov_smirnov":
      return scores.kolmogorovSmirnov ?? scores.psi;
    case "wasserstein":
      return scores.wasserstein ?? scores.psi;
  }
}

/**
 * Population stability index: Σ (q − p) ln(q / p) over the cells' shares; a share below 0.0001 counts as that.
 * @see Siddiqi, "Credit Risk Scorecards", 2006; it is Jeffreys' divergence of the two (Kullback, Leibler 1951)
 */
export function populationStability(cells: Cells): number {
  const reference = shares(cells.reference);
  const current = shares(cells.current);
  return reference.reduce((sum, share, i) => {
    // A cell that neither has is none: `q` and `p` are the same then.
    const p = Math.max(share, LEAST_SHARE);
    const q = Math.max(current[i]!, LEAST_SHARE);
    return sum + (q - p) * Math.log(q / p);
  }, 0);
}

/**
 * Jensen-Shannon distance: the root of the mean of both divergences from their mixture, in bits; scipy's
 * `spatial.distance.jensenshannon(p, q, base=2)`. 0 where the shares are the same, 1 where no cell is shared.
 * @see Endres, Schindelin, "A new metric for probability distributions", 2003
 */
export function jensenShannon(cells: Cells): number {
  const reference = shares(cells.reference);
  const current = shares(cells.current);
  const half = (share: number, mixture: number) => (share > 0 ? share * Math.log2(share / mixture) : 0);
  const divergence = reference.reduce((sum, p, i) => {
    const q = current[i]!;
    const mixture = (p + q) / 2;
    return sum + (half(p, mixture) + half(q, mixture)) / 2;
  }, 0);
  // Rounding may leave a hair below nothing; NaN stays.
  return Math.sqrt(divergence < 0 ? 0 : divergence);
}

function numericScores(
  feature: NumericBaseline,
  summary: NumericSummary,
): { kolmogorovSmirnov: number; wasserstein: number } {
  if (summary.count === 0) return { kolmogorovSmirnov: NaN, wasserstein: NaN };
  const distance = wasserstein(feature.edges, feature, summary);
  // A constant has no scale of its own: the distance is in the feature's unit then.
  const scale = feature.standardDeviation > 0 ? feature.standardDeviation : 1;
  return {
    kolmogorovSmirnov: kolmogorovSmirnov(feature.counts, summary.counts),
    wasserstein: distance / scale,
  };
}
