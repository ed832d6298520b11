/**
 * What a rollout is declared as: plain values that the component checks, the stack outputs, and the command line follows.
 * This file imports nothing but types, so that programs, commands and the server may share it.
 */

import type { ComparisonRules } from "./comparison/rules";
import type { ExperimentSettings } from "./experiment/declaration";

/** A service has two places for what it runs; one is live, the other idle, a candidate, or the way back. */
export const SLOTS = ["blue", "green"] as const;
export type Slot = (typeof SLOTS)[number];

export const otherSlot = (slot: Slot): Slot => (slot === "blue" ? "green" : "blue");

/** Share of requests of each slot in percent; whole numbers that sum to 100. */
export type Weights = Readonly<Record<Slot, number>>;

/** All at once, with the old slot kept as the way back. */
export interface BlueGreenStrategy {
  readonly kind: "blueGreen";
  /**
   * Seconds for which the old slot keeps its pods after a switch: so long the way back is instant.
   * @default 600
   */
  readonly scaleDownDelay?: number;
}

/** Step by step, judged after each. */
export interface CanaryStrategy {
  readonly kind: "canary";
  /**
   * The candidate's share after each step in percent, ascending; the last one may be less than 100: the promotion follows it.
   * Instead of `weight`, `increment` and `maxWeight`.
   * @default [5, 10, 25, 50]
   */
  readonly stepWeights?: readonly number[];
  /** The candidate's first share in percent. */
  readonly weight?: number;
  /** By how much it grows at each step, in percent. */
  readonly increment?: number;
  /** Where it stops growing, in percent; the promotion follows. */
  readonly maxWeight?: number;
  /**
   * Seconds for which a step is watched before the next.
   * @default 60
   */
  readonly interval?: number;
  /**
   * Keeps a client on the side that it was sent to, by a cookie of either side, until that side goes.
   * @default false
   */
  readonly affinity?: boolean;
  /**
   * Requests that go to the candidate whatever its share: those with this header. The shares hold for all others.
   * @default none
   */
  readonly match?: { readonly header: string; readonly value: string };
  /**
   * Seconds for which the old slot keeps its pods after the promotion.
   * @default 600
   */
  readonly scaleDownDelay?: number;
}

/** The candidate sees a copy of requests; its answers go nowhere. */
export interface ShadowStrategy {
  readonly kind: "shadow";
  /**
   * Share of requests that are copied, in percent.
   * @default 100
   */
  readonly percent?: number;
  /**
   * Share of requests whose answers both slots send to the comparator, in percent.
   * @default 10
   */
  readonly samplePercent?: number;
  /**
   * When an output of the candidate counts as equal to the live slot's; without a rule, its values must be the same.
   * @default {}
   */
  readonly compare?: ComparisonRules;
}

/** Both sides serve, clients stay where they are, and a metric decides; without one a person does. */
export interface AbTestStrategy extends ExperimentSettings {
  readonly kind: "abTest";
  /**
   * The candidate's share of clients in percent.
   * @default 50
   */
  readonly share?: number;
  /**
   * Who keeps a user on a side: a `cookie` of the gateway, or those who call, with the `header` `slipway-slot` by the user's key (`armOf`
   * tells the arm, docs/experiments.md how any client computes it); then no cookies are set.
   * @default "cookie"
   */
  readonly assignment?: "cookie" | "header";
}

export type Strategy = BlueGreenStrategy | CanaryStrategy | ShadowStrategy | AbTestStrategy;

/** Common to all gates. */
interface GateBase {
  /** Unique within a rollout; letters, digits and hyphens. */
  readonly name: string;
}

/** When a gate that measures is asked, and how many bad answers end the rollout. */
export interface Measuring {
  /**
   * Seconds of a step that pass before it is asked first.
   * @default 0
   */
  readonly initialDelay?: number;
  /**
   * Seconds between two measurements.
   * @default 10
   */
  readonly every?: number;
  /**
   * Measurements of a step that may be bad before the rollout goes back.
   * @default 0
   */
  readonly failureLimit?: number;
  /**
   * Measurements of a step that may say nothing (no data, too few requests) before the rollout stops.
   * @default 3
   */
  readonly inconclusiveLimit?: number;
  /**
   * Requests that the candidate must have answered in the window, else the measurement says nothing.
   * @default 0
   */
  readonly minimumSamples?: number;
}

/** A number that Prometheus computes must lie within bounds. */
export interface PrometheusGate extends GateBase, Measuring {
  readonly kind: "prometheus";
  /**
   * PromQL with one number as its result. `{{slot}}`, `{{live}}`, `{{service}}` (of the candidate), `{{liveService}}`, `{{namespace}}` and
   * `{{window}}` are filled in.
   */
  readonly query: string;
  readonly min?: number;
  readonly max?: number;
}

/** The candidate's share of failed requests. */
export interface ErrorRateGate extends GateBase, Measuring {
  readonly kind: "errorRate";
  /**
   * At most, in percent of its requests.
   * @default 1
   */
  readonly maxPercent?: number;
  /** At most so many percentage points above the live slot's. */
  readonly notWorseThanLiveBy?: number;
}

/** The candidate's latency. */
export interface LatencyGate extends GateBase, Measuring {
  readonly kind: "latency";
  /**
   * Which requests it is about, as a share: 0.99 for p99.
   * @default 0.99
   */
  readonly quantile?: number;
  /** Seconds at most, below the 63 at which the server's histogram ends. At least one of the two must be given. */
  readonly maxSeconds?: number;
  /** At most so many percent above the live slot's. */
  readonly notSlowerThanLiveBy?: number;
}

/** How many of the candidate's answers to copied requests differ from the live slot's; only with strategy `shadow`. */
export interface ComparisonGate extends GateBase, Measuring {
  readonly kind: "comparison";
  /**
   * At most, in percent of the requests whose answers were compared in the window; `minimumSamples` counts these, too.
   * @default 1
   */
  readonly maxPercent?: number;
}

/** How good the candidate's answers to clients were, by the truth that came since (`POST /v2/models/M/feedback`). */
export interface FeedbackGate extends GateBase, Measuring {
  readonly kind: "feedback";
  /** One whose `model.json` has `feedback`. */
  readonly model: string;
  /** `precision`, `recall` and `f1` are of a binary task's yes; `rmse` and `mae` of a regression. */
  readonly metric: "accuracy" | "precision" | "recall" | "f1" | "rmse" | "mae";
  /** At least; at most where smaller is better (`rmse`, `mae`). */
  readonly threshold?: number;
  /** How much worse than the live slot it may be, in the metric's unit. */
  readonly notWorseThanLiveBy?: number;
  /**
   * What it is about: `all`, or `KEY=VALUE` of the model's segments.
   * @default "all"
   */
  readonly segment?: string;
  /**
   * Seconds that a measurement looks back, by when truth came.
   * @default 3600
   */
  readonly window?: number;
  /** Samples whose truth must have come in that time, of the candidate and of a live slot that it is compared with; left out, 100. */
  readonly minimumSamples?: number;
}

/** The candidate's answers to questions with known answers. */
export interface QualityGate extends GateBase {
  readonly kind: "quality";
  readonly model: string;
  /**
   * ConfigMap of the service's namespace with the labelled set in `dataset.json`: a list of `{ "inputs": [V2 tensors], "label": … }`.
   */
  readonly dataset: string;
  /** The output that is judged; a model with one needs none named. */
  readonly output?: string;
  readonly metric: "accuracy" | "f1" | "rocAuc" | "rmse";
  /** At least; at most where smaller is better (`rmse`). */
  readonly threshold?: number;
  /** How much worse than the live slot on the same set it may be, in the metric's unit. */
  readonly notWorseThanLiveBy?: number;
}

/** How far the candidate's answers lie from the live slot's, to the same questions; nobody needs to know the right ones. */
export interface DriftGate extends GateBase {
  readonly kind: "drift";
  readonly model: string;
  /** As of a quality gate; labels are not read and may be left out. */
  readonly dataset: string;
  /** The output that is compared; a model with one needs none named. */
  readonly output?: string;
  /**
   * `psi`: population stability index over tenths of the live slot's numbers, or over classes. `ks`: greatest distance between the two
   * cumulative distributions (two-sample Kolmogorov-Smirnov), for numbers alone. Of an output with several numbers the worst counts.
   * @default "psi"
   */
  readonly method?: "psi" | "ks";
  /**
   * At most; `ks` lies between 0 and 1.
   * @default 0.2
   */
  readonly threshold?: number;
}

/** A Job of one's own: it passes where its pod ends with status 0. */
export interface JobGate extends GateBase {
  readonly kind: "job";
  /** With a digest. */
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** Further environment; `SLIPWAY_CANDIDATE_URL`, `SLIPWAY_LIVE_URL` and `SLIPWAY_CA_FILE` are always there. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Seconds until it counts as failed.
   * @default 300
   */
  readonly timeout?: number;
}

/** A person's word: `slipway promote` gives it. */
export interface ApprovalGate extends GateBase {
  readonly kind: "approval";
}

export type Gate =
  | PrometheusGate
  | ErrorRateGate
  | LatencyGate
  | ComparisonGate
  | FeedbackGate
  | QualityGate
  | DriftGate
  | JobGate
  | ApprovalGate;

/** Gates that are asked again and again while the candidate has traffic. */
export type MeasuringGate = PrometheusGate | ErrorRateGate | LatencyGate | ComparisonGate | FeedbackGate;
/** Gates that run as Jobs before the candidate gets any traffic. */
export type JobLikeGate = QualityGate | DriftGate | JobGate;

export const isMeasuring = (gate: Gate): gate is MeasuringGate =>
  gate.kind === "prometheus" ||
  gate.kind === "errorRate" ||
  gate.kind === "latency" ||
  gate.kind === "comparison" ||
  gate.kind === "feedback";
export const isJobLike = (gate: Gate): gate is JobLikeGate =>
  gate.kind === "quality" || gate.kind === "drift" || gate.kind === "job";
