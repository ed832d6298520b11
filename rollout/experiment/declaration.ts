/**
 * What an A/B test that decides by itself is declared as. This file imports nothing but types, so that programs, commands and the
 * server may share it.
 */

import type { Better } from "./decision";

/**
 * Share of an arm's requests that failed by the server's fault. **A request is an observation**: right where requests come one by
 * one from many clients, too certain of itself where one client sends many.
 */
export interface ErrorRateMetric {
  readonly kind: "errorRate";
}

/** Share of an arm's requests that took longer than so many seconds; a request is an observation, as with `errorRate`. */
export interface LatencyMetric {
  readonly kind: "latency";
  /** Seconds: a bound of the server's histogram of request durations. */
  readonly slowerThan: number;
}

/** Yes or no per user: bought, came back, complained. */
export interface ProportionMetric {
  readonly kind: "proportion";
  /**
   * Which way it should go.
   * @default "higher"
   */
  readonly better?: Better;
  /**
   * PromQL with one number each, asked once per arm with `{{slot}}`, `{{service}}`, `{{namespace}}` and `{{window}}` (the time since the
   * test began) filled in: how many users the arm had, and of how many of them it was a success.
   * @default none
   */
  readonly queries?: { readonly users: string; readonly successes: string };
}

/** A number per user: money spent, pages read, mean latency. */
export interface MeanMetric {
  readonly kind: "mean";
  /**
   * Which way it should go.
   * @default "higher"
   */
  readonly better?: Better;
  /**
   * PromQL as of a proportion: how many users, the sum of their numbers, and the sum of the squares of their numbers.
   * @default none
   */
  readonly queries?: { readonly users: string; readonly sum: string; readonly squares: string };
}

export type ExperimentMetric = ErrorRateMetric | LatencyMetric | ProportionMetric | MeanMetric;

/** A metric that must not get worse, whatever the one that decides says. */
export interface HarmRule {
  /** Letters, digits and hyphens; `--observations` names it. */
  readonly name: string;
  readonly metric: ExperimentMetric;
  /** By how much the candidate may be worse, in the metric's unit (0.01: one percentage point). */
  readonly tolerance: number;
}

/** Weights by Thompson sampling in place of a test at a fixed share. */
export interface Bandit {
  /**
   * Least share of each arm in percent.
   * @default 10
   */
  readonly floor?: number;
  /**
   * Seconds between two changes of the weights.
   * @default 600
   */
  readonly rebalance?: number;
  /**
   * Probability of being the better one at which an arm has won.
   * @default 0.95
   */
  readonly certainty?: number;
}

/** When and by what an A/B test decides; without `metric` a person does. */
export interface ExperimentSettings {
  /**
   * What decides.
   * @default none
   */
  readonly metric?: ExperimentMetric;
  /**
   * What is expected of the live slot: the share of users (0.1: a tenth), or of a `mean` the standard deviation between users. The
   * number of users follows from it; the error rate does not depend on its being right.
   * @default none
   */
  readonly baseline?: number;
  /**
   * Smallest gain that matters, in the metric's unit.
   * @default none
   */
  readonly minimumEffect?: number;
  /**
   * Users of each arm before the first look.
   * @default 300
   */
  readonly minimumUsers?: number;
  /**
   * Probability of ever finding a difference where there is none.
   * @default 0.05
   */
  readonly alpha?: number;
  /**
   * Probability of finding the smallest gain that matters.
   * @default 0.8
   */
  readonly power?: number;
  /**
   * Ends the test once a gain that matters is ruled out.
   * @default true
   */
  readonly futility?: boolean;
  /**
   * Seconds after which the test ends, whatever it knows.
   * @default 1209600
   */
  readonly maxDuration?: number;
  /**
   * Seconds between two looks.
   * @default 60
   */
  readonly interval?: number;
  /**
   * What must not get worse.
   * @default []
   */
  readonly harm?: readonly HarmRule[];
  /**
   * Moves the weights to what looks better while it learns; it gives no verdict with a stated error rate.
   * @default none
   */
  readonly bandit?: Bandit;
}
