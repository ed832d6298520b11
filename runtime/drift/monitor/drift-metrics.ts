import type { Registry } from "prom-client";
import { DRIFT_METRIC } from "../../contract";
import { registerCollected, type Labels, type Sample } from "../../metrics/collected";
import type { FeatureJudgement } from "../judge";
import type { DriftMonitor } from "./drift-monitor";

interface DriftMetricInfo {
  readonly type: "counter" | "gauge";
  readonly labels: readonly string[];
  readonly doc: string;
}

const PER_VERSION = ["model", "version"] as const;
const PER_FEATURE = [...PER_VERSION, "feature"] as const;

/** The metrics of drift, of versions with a baseline; the reference follows from it. */
export const DRIFT_METRICS = {
  score: {
    type: "gauge",
    labels: [...PER_FEATURE, "measure"],
    doc: "how far a feature of the last window is from the baseline; `measure` is psi, jensen_shannon, and of numbers kolmogorov_smirnov and wasserstein (in the baseline's standard deviations)",
  },
  pValue: {
    type: "gauge",
    labels: PER_FEATURE,
    doc: "p-value of a feature in the last window, adjusted for the number of features (Benjamini-Hochberg); of those with enough rows",
  },
  features: {
    type: "gauge",
    labels: [...PER_VERSION, "state"],
    doc: "features of the baseline by what they were in the last window: drifted, stable, or insufficient, with too few rows",
  },
  windowRows: { type: "gauge", labels: PER_VERSION, doc: "rows in the window that was judged last" },
  windowSeconds: {
    type: "gauge",
    labels: PER_VERSION,
    doc: "how long a window is, `drift.windowSeconds`; one is judged every half of it",
  },
  rows: { type: "counter", labels: PER_VERSION, doc: "rows that were summarised" },
  missingRatio: {
    type: "gauge",
    labels: PER_FEATURE,
    doc: "share of NaN, infinities and empty texts in the last window",
  },
  outliers: {
    type: "counter",
    labels: PER_VERSION,
    doc: "requests with a value that the training data has nothing like, where `drift.outliers.perRequest` is set",
  },
  lastJudged: {
    type: "gauge",
    labels: PER_VERSION,
    doc: "when a window was judged last, in seconds since 1970",
  },
} as const satisfies Record<keyof typeof DRIFT_METRIC, DriftMetricInfo>;

const STATES = ["drifted", "stable", "insufficient"] as const;

/** @param monitors those that are followed, read when Prometheus scrapes */
export function registerDriftMetrics(registry: Registry, monitors: () => Iterable<DriftMonitor>): void {
  const register = (
    key: keyof typeof DRIFT_METRIC,
    read: (monitor: DriftMonitor, labels: Labels) => Sample[],
  ) =>
    registerCollected(registry, { name: DRIFT_METRIC[key], ...DRIFT_METRICS[key] }, () =>
      [...monitors()].flatMap((monitor) => {
        const { model, version } = monitor.options;
        return read(monitor, { model, version });
      }),
    );
  const number = (key: keyof typeof DRIFT_METRIC, read: (monitor: DriftMonitor) => number | undefined) =>
    register(key, (monitor, labels) => {
      const value = read(monitor);
      return value === undefined ? [] : [{ labels, value }];
    });
  const perFeature = (
    key: keyof typeof DRIFT_METRIC,
    read: (judged: FeatureJudgement, monitor: DriftMonitor) => readonly [Labels, number][],
  ) =>
    register(key, (monitor, labels) =>
      shownFeatures(monitor).flatMap((judged) =>
        read(judged, monitor)
          .filter(([, value]) => Number.isFinite(value))
          .map(([own, value]) => ({ labels: { ...labels, feature: judged.feature, ...own }, value })),
      ),
    );

  perFeature("score", ({ scores }) =>
    Object.entries({
      psi: scores.psi,
      jensen_shannon: scores.jensenShannon,
      kolmogorov_smirnov: scores.kolmogorovSmirnov,
      wasserstein: scores.wasserstein,
    }).flatMap(([measure, value]): [Labels, number][] => (value === undefined ? [] : [[{ measure }, value]])),
  );
  perFeature("pValue", ({ state, adjustedPValue }) =>
    state === "insufficient" ? [] : [[{}, adjustedPValue]],
  );
  perFeature("missingRatio", ({ feature, scores }, { judgement }) => [
    [{}, (judgement?.summaries.get(feature)?.missing ?? NaN) / scores.samples],
  ]);
  register("features", ({ judgement, options }, labels) => {
    const all = Object.keys(options.baseline.features).length;
    const count = (state: string) => judgement?.features.filter((judged) => judged.state === state).length;
    return STATES.map((state) => ({
      labels: { ...labels, state },
      value: count(state) ?? (state === "insufficient" ? all : 0),
    }));
  });
  number("windowRows", ({ judgement }) => judgement?.window.rows);
  number("windowSeconds", ({ settings }) => settings.windowSeconds);
  number("rows", ({ rows }) => rows);
  number("outliers", ({ settings, outliers }) => (settings.outliers?.perRequest ? outliers : undefined));
  number("lastJudged", ({ judgement }) => judgement && judgement.judgedAt / 1000);
}

/** Those with series of their own: what has drifted, the farthest first, then the baseline's first ones, which do not change with chance. */
function shownFeatures({ judgement, settings }: DriftMonitor): readonly FeatureJudgement[] {
  if (judgement === undefined) return [];
  const { features } = judgement;
  if (features.length <= settings.maxFeatures) return features;
  const drifted = features.filter(({ state }) => state === "drifted").sort((a, b) => b.score - a.score);
  const others = features.filter(({ state }) => state !== "drifted");
  return [...drifted, ...others].slice(0, settings.maxFeatures);
}
