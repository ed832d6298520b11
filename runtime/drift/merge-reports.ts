import type { Baseline } from "./baseline";
import { judgeFeatures, type FeatureState } from "./judge";
import { reportedFeatures, type DriftReport, type DriftWindow } from "./monitor/drift-report";
import { mergeSummary, summaryFromJSON, type FeatureSummary } from "./summary";

/** What all replicas of a version saw together. */
export interface MergedDrift extends Omit<DriftReport, "baseline"> {
  /** Replicas that have this version with this baseline. */
  readonly replicas: number;
  /** Those whose window is in it; the others have judged none that ended when the latest did. */
  readonly merged: number;
  /** `drifted` where a feature has, `insufficient` where none could be judged. */
  readonly state: FeatureState;
  readonly baseline: Baseline;
}

/** A replica's report with its baseline, `GET /v2/models/M/drift?baseline=true`. */
export type WholeReport = DriftReport & Required<Pick<DriftReport, "baseline">>;

/**
 * Merges what the replicas of a service say: windows that ended at the same moment, of the same baseline, add up count by count and are
 * judged as one. During an update a version may have two baselines for a while, and is there twice.
 * @returns by model, version and baseline
 * @throws Error where a summary is not of the baseline that its report has
 */
export function mergeReports(reports: readonly WholeReport[]): MergedDrift[] {
  const groups = new Map<string, WholeReport[]>();
  for (const report of reports) {
    const key = JSON.stringify([report.model_name, report.model_version, report.baseline_sha256]);
    groups.set(key, [...(groups.get(key) ?? []), report]);
  }
  return [...groups.values()].map(mergeGroup).sort(byName);
}

function mergeGroup(reports: readonly WholeReport[]): MergedDrift {
  const [{ model_name, model_version, baseline_sha256, settings, baseline }] = reports as [WholeReport];
  // All panes end at multiples of their length since 1970: the latest window is every replica's, or will be in a moment.
  const latest = reports.reduce((end, { window }) => (window && window.end > end ? window.end : end), "");
  const windows = reports.flatMap(({ window }) => (window?.end === latest ? [window] : []));
  const window = windows.length === 0 ? null : mergeWindows(baseline, settings, windows);
  return {
    model_name,
    model_version,
    baseline_sha256,
    settings,
    rows: sum(reports.map(({ rows }) => rows)),
    window,
    replicas: reports.length,
    merged: windows.length,
    state: stateOf(window),
    baseline,
  };
}

function mergeWindows(
  baseline: Baseline,
  settings: DriftReport["settings"],
  windows: readonly DriftWindow[],
): DriftWindow {
  const summaries = new Map<string, FeatureSummary>();
  for (const [feature, expected] of Object.entries(baseline.features)) {
    const [first, ...others] = windows.flatMap(({ features }) => {
      const reported = features[feature];
      return reported === undefined ? [] : [summaryFromJSON(expected, reported.summary)];
    });
    if (first === undefined) continue;
    for (const other of others) mergeSummary(first, other);
    summaries.set(feature, first);
  }
  const { measure, threshold, alpha, min_samples: minSamples } = settings;
  const judged = judgeFeatures(baseline, summaries, { measure, threshold, alpha, minSamples });
  return {
    start: windows.map(({ start }) => start).sort()[0]!,
    end: windows[0]!.end,
    rows: sum(windows.map(({ rows }) => rows)),
    features: reportedFeatures(judged, summaries),
  };
}

function stateOf(window: DriftWindow | null): FeatureState {
  const states = Object.values(window?.features ?? {}).map(({ state }) => state);
  if (states.includes("drifted")) return "drifted";
  return states.includes("stable") ? "stable" : "insufficient";
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

/** Versions as numbers: 10 comes after 9. */
function byName(a: MergedDrift, b: MergedDrift): number {
  return (
    a.model_name.localeCompare(b.model_name) ||
    a.model_version.localeCompare(b.model_version, undefined, { numeric: true }) ||
    a.baseline_sha256.localeCompare(b.baseline_sha256)
  );
}
