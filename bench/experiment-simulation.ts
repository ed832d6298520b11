import { decide, NOT_STARTED, type Decision, type StopRules } from "../rollout/experiment/decision";
import {
  NO_MOMENTS,
  proportion,
  sample,
  withValue,
  type ArmSummary,
} from "../rollout/experiment/observations";
import type { Interval } from "./statistics";

/** Where an experiment's users come from, one observation each. */
export interface Population {
  readonly name: string;
  readonly kind: "proportion" | "mean";
  readonly live: (random: () => number) => number;
  readonly candidate: (random: () => number) => number;
  /** The candidate's share of users, between 0 and 1. */
  readonly share: number;
}

/** Sums up one arm as the metric's kind wants it. */
class ArmSoFar {
  summary: ArmSummary = proportion(0, 0);
  private count = 0;
  private sum = 0;
  private moments = NO_MOMENTS;

  constructor(private readonly kind: Population["kind"]) {}

  add(value: number): void {
    if (this.kind === "mean") {
      this.moments = withValue(this.moments, value);
      this.summary = sample(this.moments);
    } else {
      this.count++;
      this.sum += value;
      this.summary = proportion(this.sum, this.count);
    }
  }
}

export interface Ending {
  readonly decision: Decision;
  readonly users: number;
  /** Whether a z-test at 5 %, looked at after every user as well, would have called out a difference at any time. */
  readonly naiveFound: boolean;
}

const Z_95 = 1.959964;

/** One experiment from its first user to its end, looked at after every user. The z-test looks on until the last user. */
export function simulate(population: Population, rules: StopRules, random: () => number): Ending {
  const live = new ArmSoFar(population.kind);
  const candidate = new ArmSoFar(population.kind);
  const minimum = rules.minimumPerArm ?? 300;
  let state = NOT_STARTED;
  let users = 0;
  let naiveFound = false;
  for (let seen = 1; seen <= rules.maximumUsers; seen++) {
    const toCandidate = random() < population.share;
    (toCandidate ? candidate : live).add((toCandidate ? population.candidate : population.live)(random));
    const metric = { live: live.summary, candidate: candidate.summary };
    if (state.decision === null) {
      state = decide(state, rules, { metric });
      users = seen;
    }
    naiveFound ||= zTestFinds(metric.live, metric.candidate, minimum);
    if (state.decision !== null && naiveFound) break;
  }
  return { decision: state.decision ?? "undecided", users, naiveFound };
}

function zTestFinds(live: ArmSummary, candidate: ArmSummary, minimum: number): boolean {
  if (live.count < minimum || candidate.count < minimum) return false;
  const variance = live.variance / live.count + candidate.variance / candidate.count;
  return (candidate.mean - live.mean) ** 2 > Z_95 ** 2 * variance;
}

/** 95 % interval of a share by Wilson 1927, in percent. */
export function shareOf(hits: number, of: number): Interval & { readonly value: number } {
  const z = Z_95 ** 2;
  const middle = (hits + z / 2) / (of + z);
  const half = (Z_95 / (of + z)) * Math.sqrt((hits * (of - hits)) / of + z / 4);
  return {
    value: (100 * hits) / of,
    low: hits === 0 ? 0 : 100 * (middle - half),
    high: hits === of ? 100 : 100 * (middle + half),
  };
}

export const yesOrNo = (probability: number) => (random: () => number) => (random() < probability ? 1 : 0);

/** Mean and standard deviation are the same number. */
export const exponential = (mean: number) => (random: () => number) => -mean * Math.log(1 - random());
