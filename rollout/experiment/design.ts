import { resolveExperiment } from "../defaults";
import type { Bandit, ExperimentMetric, ExperimentSettings } from "./declaration";
import type { StopRules } from "./decision";
import { planExperiment, type ExperimentPlan, type ExperimentQuestion } from "./plan";
import { varianceAt } from "./power";
import { betterOf } from "./queries";
import { bestMixture } from "./sequential-test";

/** A test with a metric, as it is declared. */
export type DecidingTest = ExperimentSettings &
  Required<Pick<ExperimentSettings, "metric" | "baseline" | "minimumEffect">>;

/** Everything that is fixed before the first look and kept: what is declared later does not change a test that is on. */
export interface ExperimentDesign {
  readonly metric: ExperimentMetric;
  /** The candidate's share of users in percent, at which it began. */
  readonly share: number;
  readonly rules: StopRules;
  /** How often a test of this size ends how. */
  readonly expected: Pick<ExperimentPlan, "ifEffect" | "ifNone">;
  /** What must not get worse, in the order of `rules.guardrails`. */
  readonly harm: readonly { readonly name: string; readonly metric: ExperimentMetric }[];
  /** Seconds. */
  readonly interval: number;
  readonly maxDuration: number;
  readonly bandit?: Required<Bandit>;
}

const baselineOf = (metric: ExperimentMetric, baseline: number): ExperimentQuestion["baseline"] =>
  metric.kind === "mean"
    ? { kind: "mean", standardDeviation: baseline }
    : { kind: "proportion", share: baseline };

/** @param share of the candidate in percent */
export function designOf(test: DecidingTest, share: number): ExperimentDesign {
  const { metric, baseline, minimumEffect } = test;
  const { alpha, power, futility, minimumUsers, harm, interval, maxDuration, bandit } =
    resolveExperiment(test);
  const plan = planExperiment({
    baseline: baselineOf(metric, baseline),
    minimumEffect,
    percent: share,
    alpha,
    power,
  });
  // Both arms need their first users whatever the plan says.
  const first = Math.ceil(minimumUsers / (Math.min(share, 100 - share) / 100));
  const maximumUsers = Math.max(plan.maximumUsers, first);
  // Each rule may stop the test in vain: together they do so with probability α at most (Bonferroni).
  const harmAlpha = alpha / Math.max(1, harm.length);
  return {
    metric,
    share,
    rules: {
      better: betterOf(metric),
      mixture: plan.mixture,
      alpha,
      maximumUsers,
      minimumPerArm: minimumUsers,
      ...(futility ? { minimumEffect } : {}),
      guardrails: harm.map(({ name, metric: guarded, tolerance }) => ({
        name,
        better: betterOf(guarded),
        tolerance,
        mixture: harmMixture(tolerance, maximumUsers, share, harmAlpha),
        alpha: harmAlpha,
      })),
    },
    expected: { ifEffect: plan.ifEffect, ifNone: plan.ifNone },
    harm: harm.map(({ name, metric: guarded }) => ({ name, metric: guarded })),
    interval,
    maxDuration,
    ...(bandit && { bandit }),
  };
}

/**
 * τ² of a harm rule's test. Nothing is known of its metric's variance beforehand: it is narrowest where the harm that is tolerated is
 * just about found at the last user, and valid whatever the variance is.
 */
function harmMixture(tolerance: number, users: number, share: number, alpha: number): number {
  if (tolerance > 0) return tolerance ** 2;
  // No harm is tolerated at all: as if each user's number had a variance of 1/4, the greatest that a share has.
  const variance = { live: 0.25, candidate: 0.25 };
  return bestMixture(varianceAt(users, { variance, share: share / 100 }), alpha);
}
