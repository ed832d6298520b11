import type { Baseline } from "../baseline";
import type { FeatureJudgement, FeatureState } from "../judge";
import type { Measure } from "../scores";
import type { FeatureState as SummaryState, FeatureSummary } from "../summary";
import type { DriftMonitor } from "./drift-monitor";

/** What `GET /v2/models/M/drift` says: enough to be merged with what other replicas say. */
export interface DriftReport {
  readonly model_name: string;
  readonly model_version: string;
  /** SHA-256 of `baseline.json`: summaries of different baselines cannot be merged. */
  readonly baseline_sha256: string;
  readonly settings: {
    readonly window_seconds: number;
    readonly min_samples: number;
    readonly measure: Measure;
    readonly threshold: number;
    readonly alpha: number;
  };
  /** Rows that were summarised since the version was loaded. */
  readonly rows: number;
  /** The window that ended last; null before the first has. */
  readonly window: DriftWindow | null;
  /** `baseline.json` itself, where the request asks for it: whoever merges summaries needs its bins. */
  readonly baseline?: Baseline;
}

export interface DriftWindow {
  /** ISO 8601. */
  readonly start: string;
  readonly end: string;
  readonly rows: number;
  /** By feature. */
  readonly features: Readonly<Record<string, ReportedFeature>>;
}

export interface ReportedFeature {
  readonly state: FeatureState;
  /** By measure; null where the window has no value. */
  readonly scores: Readonly<Record<string, number | null>>;
  /** Adjusted for the number of features. */
  readonly p_value: number;
  readonly samples: number;
  readonly summary: SummaryState;
}

export function driftReport(
  { options, settings, rows, judgement }: DriftMonitor,
  withBaseline = false,
): DriftReport {
  const { windowSeconds, minSamples, measure, threshold, alpha } = settings;
  return {
    model_name: options.model,
    model_version: options.version,
    baseline_sha256: options.baselineSha256,
    settings: { window_seconds: windowSeconds, min_samples: minSamples, measure, threshold, alpha },
    rows,
    window: judgement
      ? {
          start: new Date(judgement.window.start).toISOString(),
          end: new Date(judgement.window.end).toISOString(),
          rows: judgement.window.rows,
          features: reportedFeatures(judgement.features, judgement.summaries),
        }
      : null,
    ...(withBaseline ? { baseline: options.baseline } : {}),
  };
}

/** What was found of a window, as reports have it. */
export function reportedFeatures(
  judged: readonly FeatureJudgement[],
  summaries: ReadonlyMap<string, FeatureSummary>,
): Record<string, ReportedFeature> {
  return Object.fromEntries(
    judged.map(({ feature, state, scores, adjustedPValue }) => [
      feature,
      {
        state,
        scores: {
          psi: finite(scores.psi),
          jensen_shannon: finite(scores.jensenShannon),
          ...(scores.kolmogorovSmirnov === undefined
            ? {}
            : { kolmogorov_smirnov: finite(scores.kolmogorovSmirnov) }),
          ...(scores.wasserstein === undefined ? {} : { wasserstein: finite(scores.wasserstein) }),
        },
        p_value: adjustedPValue,
        samples: scores.samples,
        summary: summaries.get(feature)!.toJSON(),
      },
    ]),
  );
}

/** JSON has no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
