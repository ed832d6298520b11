import type { FeatureState as SummaryState } from "../summary";
import type { FeatureState } from "../judge";
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
    readonly measure: string;
    readonly threshold: number;
    readonly alpha: number;
  };
  /** Rows that were summarised since the version was loaded. */
  readonly rows: number;
  /** The window that ended last; null before the first has. */
  readonly window: DriftWindow | null;
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

export function driftReport({ options, settings, rows, judgement }: DriftMonitor): DriftReport {
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
          features: Object.fromEntries(
            judgement.features.map(({ feature, state, scores, adjustedPValue }) => [
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
                summary: judgement.summaries.get(feature)!.toJSON(),
              },
            ]),
          ),
        }
      : null,
  };
}

/** JSON has no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
