import type { Registry } from "prom-client";
import { QUALITY_METRIC } from "../contract";
import { registerCollected, type Labels, type Sample } from "../metrics/collected";
import type { MetricInfo } from "../metrics/metric-table";
import type { ModelFeedback } from "./model-feedback";
import { OUTCOMES, type QualitySums } from "./quality-sums";

const PER_SEGMENT = ["model", "version", "segment"] as const;

/** Every metric of feedback, once; the reference follows from it. */
export const QUALITY_METRICS = {
  feedback: {
    type: "counter",
    labels: ["model", "version", "outcome"],
    doc: "pieces of feedback: `matched` an answer, `unmatched`, `duplicate`, or `invalid` (requests refused); without a version where none is known",
  },
  waiting: { type: "gauge", labels: ["model"], doc: "answers that wait for their truth" },
  quality: {
    type: "gauge",
    labels: [...PER_SEGMENT, "metric"],
    doc: "`accuracy`, `precision`, `recall`, `f1`, `roc_auc`, `calibration_error`, `rmse` or `mae` over the window of this replica",
  },
  samples: { type: "gauge", labels: PER_SEGMENT, doc: "graded samples in that window" },
  graded: { type: "counter", labels: PER_SEGMENT, doc: "samples graded; of a regression, numbers" },
  correct: { type: "counter", labels: PER_SEGMENT, doc: "samples put into the right class" },
  outcomes: {
    type: "counter",
    labels: [...PER_SEGMENT, "outcome"],
    doc: "samples of a binary task: `true_positive`, `false_positive`, `true_negative` or `false_negative`",
  },
  absoluteError: {
    type: "counter",
    labels: PER_SEGMENT,
    doc: "absolute differences of a regression from the truth, added up",
  },
  squaredError: { type: "counter", labels: PER_SEGMENT, doc: "their squares, added up" },
} as const satisfies Record<keyof typeof QUALITY_METRIC, MetricInfo>;

type Key = keyof typeof QUALITY_METRIC;

/** What Prometheus reads; `models` and `now` are asked when it does. */
export interface FeedbackSource {
  readonly models: () => ReadonlyMap<string, ModelFeedback>;
  /** Milliseconds, on the clock of feedback. */
  readonly now: () => number;
  /** Versions with labels of their own; gauges of further ones are left out, and what they count is under `other`. */
  readonly maxVersions: number;
}

const OTHER: Labels = { model: "other", version: "other" };

/** Adds the metrics of feedback. */
export function registerFeedbackMetrics(registry: Registry, source: FeedbackSource): void {
  const register = (key: Key, collect: () => Iterable<Sample>) =>
    registerCollected(registry, { name: QUALITY_METRIC[key], ...QUALITY_METRICS[key] }, collect);
  const versions = () => versionsOf(source);

  register("feedback", () =>
    added(
      [...source.models()].flatMap(([model, { outcomes }], i) =>
        [...outcomes].map(({ version, outcome, count }) => ({
          labels: { ...(i < source.maxVersions ? { model, version } : OTHER), outcome },
          value: count,
        })),
      ),
    ),
  );
  register("waiting", () =>
    [...source.models()]
      .slice(0, source.maxVersions)
      .map(([model, { waiting }]) => ({ labels: { model }, value: waiting.size })),
  );
  const gauges = () =>
    versions().flatMap(({ labels, quality }) =>
      labels === OTHER ? [] : quality.read(source.now()).map((each) => ({ labels, ...each })),
    );
  register("quality", () =>
    gauges().flatMap(({ labels, segment, quality }) =>
      Object.entries(quality).map(([metric, value]) => ({ labels: { ...labels, segment, metric }, value })),
    ),
  );
  register("samples", () =>
    gauges().map(({ labels, segment, samples }) => ({ labels: { ...labels, segment }, value: samples })),
  );
  const counter = (key: Key, read: (sums: QualitySums, task: Task) => Sample[]) =>
    register(key, () =>
      added(
        versions().flatMap(({ labels, task, quality }) =>
          [...quality.sums].flatMap(([segment, sums]) =>
            read(sums, task).map((sample) => ({
              ...sample,
              labels: { ...labels, segment, ...sample.labels },
            })),
          ),
        ),
      ),
    );
  const one = (value: number): Sample[] => [{ labels: {}, value }];
  counter("graded", ({ graded }) => one(graded));
  counter("correct", ({ correct }, task) => (task === "regression" ? [] : one(correct)));
  counter("outcomes", ({ outcomes }, task) =>
    task === "binary" ? OUTCOMES.map((outcome) => ({ labels: { outcome }, value: outcomes[outcome] })) : [],
  );
  counter("absoluteError", ({ absoluteError }, task) => (task === "regression" ? one(absoluteError) : []));
  counter("squaredError", ({ squaredError }, task) => (task === "regression" ? one(squaredError) : []));
}

type Task = ModelFeedback["task"]["task"];

function versionsOf({ models, maxVersions }: FeedbackSource) {
  return [...models()]
    .flatMap(([model, { task, versions }]) =>
      [...versions].map(([version, quality]) => ({ model, version, task: task.task, quality })),
    )
    .map(({ model, version, ...rest }, i) => ({
      labels: i < maxVersions ? { model, version } : OTHER,
      ...rest,
    }));
}

/** Counters of the same labels, which versions without their own share, added up. */
function added(samples: readonly Sample[]): Sample[] {
  const byLabels = new Map<string, Sample>();
  for (const sample of samples) {
    const key = JSON.stringify(sample.labels);
    const value = (byLabels.get(key)?.value ?? 0) + sample.value;
    byLabels.set(key, { labels: sample.labels, value });
  }
  return [...byLabels.values()];
}
