import { DEFAULT_ALPHA, DEFAULT_MEASURE, DEFAULT_MIN_SAMPLES, DEFAULT_THRESHOLDS } from "../judge";
import type { Measure } from "../scores";

/** Beside `model.onnx`, see `../baseline.ts`. */
export const BASELINE_FILE = "baseline.json";

/** What `model.json` may say of following drift. */
export interface DriftConfig {
  /** Seconds of the window that is judged; each half of it ends one. @default 600 */
  readonly windowSeconds?: number;
  /** Values of a feature in a window without which it is not judged. @default 500 */
  readonly minSamples?: number;
  /** The score that `threshold` is of. @default "psi" */
  readonly measure?: Measure;
  /** Score above which a feature has drifted, where its adjusted p-value is below `alpha` too. @default by measure */
  readonly threshold?: number;
  /** Share of false discoveries that is put up with among the features. @default 0.01 */
  readonly alpha?: number;
  /** Features with series of their own. @default 64 */
  readonly maxFeatures?: number;
  /** Rows of a second that are summarised, drawn from all that come in it. @default 50 */
  readonly maxRowsPerSecond?: number;
  readonly outliers?: OutlierConfig;
}

export interface OutlierConfig {
  /** Looks at every request by itself. @default false */
  readonly perRequest?: boolean;
  /** Interquartile ranges that a number may lie outside the baseline's least and largest one. @default 1.5 */
  readonly margin?: number;
}

/** What `model.json` need not say. */
export const DRIFT_DEFAULTS = {
  windowSeconds: 600,
  minSamples: DEFAULT_MIN_SAMPLES,
  measure: DEFAULT_MEASURE,
  alpha: DEFAULT_ALPHA,
  maxFeatures: 64,
  maxRowsPerSecond: 50,
  margin: 1.5,
} as const;

/** What is followed, with every default in its place. */
export interface DriftSettings extends Required<Omit<DriftConfig, "outliers">> {
  readonly outliers?: OutlierConfig;
}

export function driftSettings(config: DriftConfig): DriftSettings {
  const { measure = DRIFT_DEFAULTS.measure, outliers } = config;
  return {
    windowSeconds: config.windowSeconds ?? DRIFT_DEFAULTS.windowSeconds,
    minSamples: config.minSamples ?? DRIFT_DEFAULTS.minSamples,
    measure,
    threshold: config.threshold ?? DEFAULT_THRESHOLDS[measure],
    alpha: config.alpha ?? DRIFT_DEFAULTS.alpha,
    maxFeatures: config.maxFeatures ?? DRIFT_DEFAULTS.maxFeatures,
    maxRowsPerSecond: config.maxRowsPerSecond ?? DRIFT_DEFAULTS.maxRowsPerSecond,
    outliers,
  };
}
