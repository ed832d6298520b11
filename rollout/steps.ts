import type { CanaryStrategy, Strategy } from "./declaration";

/** The candidate's shares where a canary names none, in percent. */
export const DEFAULT_STEPS: readonly number[] = [5, 10, 25, 50];

/**
 * The candidate's share after each step of a canary, in percent. What is wrong in the declaration is found by `strategyProblems`.
 *
 * @example
 * canaryWeights({ kind: "canary", weight: 10, increment: 20, maxWeight: 50 }); // [10, 30, 50]
 */
export function canaryWeights({
  stepWeights,
  weight,
  increment,
  maxWeight,
}: CanaryStrategy): readonly number[] {
  if (stepWeights !== undefined) return stepWeights;
  if (weight === undefined || increment === undefined || maxWeight === undefined) return DEFAULT_STEPS;
  // Whatever is no number that grows would make a list without an end.
  if (!(increment >= 1) || !(weight >= 1) || !(maxWeight <= 100)) return [];
  const between: number[] = [];
  for (let share = weight; share < maxWeight; share += increment) between.push(share);
  return [...between, maxWeight];
}

/** The candidate's shares on the way to its promotion, for any strategy; empty where the promotion is the only step. */
export function stepsOf(strategy: Strategy): readonly number[] {
  switch (strategy.kind) {
    case "canary":
      return canaryWeights(strategy);
    case "abTest":
      return [strategy.share ?? DEFAULT_SHARE];
    case "blueGreen":
    case "shadow":
      return [];
  }
}

/** The candidate's share of clients in an A/B test, in percent. */
export const DEFAULT_SHARE = 50;
