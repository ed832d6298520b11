import type { Severity } from "./rule";

/**
 * A pair of windows: the long one says that enough of the budget went, the short one that it still goes.
 * Google, "The Site Reliability Workbook", chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
 */
interface Pair {
  readonly severity: Severity;
  readonly long: Window;
  readonly short: Window;
  /** Share of the whole budget that goes within the long window. */
  readonly budgetShare: number;
}

/** Hours of the windows that ratios are recorded over. */
export const WINDOW_HOURS = {
  "5m": 1 / 12,
  "30m": 0.5,
  "1h": 1,
  "2h": 2,
  "6h": 6,
  "1d": 24,
  "3d": 72,
} as const;
export type Window = keyof typeof WINDOW_HOURS;

/** The workbook's recommendation: for 30 days these are burn rates of 14.4, 6, 3 and 1. */
const PAIRS: readonly Pair[] = [
  { severity: "page", long: "1h", short: "5m", budgetShare: 0.02 },
  { severity: "page", long: "6h", short: "30m", budgetShare: 0.05 },
  { severity: "ticket", long: "1d", short: "2h", budgetShare: 0.1 },
  { severity: "ticket", long: "3d", short: "6h", budgetShare: 0.1 },
];

/**
 * Burn rates below which nobody is told: at 1 the budget lasts exactly as long as it has to, at 2 half as long. Matters where the
 * budget is that of a few days, of which an hour is a large part anyway.
 */
const LEAST_BURN_RATE: Readonly<Record<Severity, number>> = { page: 2, ticket: 1 };

/** Where a budget is large, its multiples exceed all requests: nine failures in ten must be enough for any objective. */
const MOST_RATIO = 0.9;

/** What one pair watches for. */
export interface Threshold {
  readonly severity: Severity;
  readonly long: Window;
  readonly short: Window;
  /** How many times faster than it may the budget goes. */
  readonly burnRate: number;
  /** Share of failed requests that it is exceeded at. */
  readonly ratio: number;
}

/**
 * @param percent of the objective
 * @param windowDays that the objective is kept over; pairs that look back further are left out
 */
export function burnThresholds(percent: number, windowDays: number): readonly Threshold[] {
  const budget = 1 - percent / 100;
  return PAIRS.filter(({ long }) => WINDOW_HOURS[long] <= windowDays * 24).map(
    ({ severity, long, short, budgetShare }) => {
      const byShare = (budgetShare * windowDays * 24) / WINDOW_HOURS[long];
      const burnRate = Math.max(byShare, LEAST_BURN_RATE[severity]);
      return { severity, long, short, burnRate, ratio: Math.min(burnRate * budget, MOST_RATIO) };
    },
  );
}

/** Days that the windows look back at most: Prometheus must keep as much. */
export function longestLookback(windowDays: number): number {
  return Math.max(...burnThresholds(99, windowDays).map(({ long }) => WINDOW_HOURS[long])) / 24;
}

/** Windows that ratios are needed of, from the shortest to the longest. */
export function neededWindows(thresholds: readonly Threshold[]): readonly Window[] {
  const needed = new Set(thresholds.flatMap(({ long, short }) => [long, short]));
  return (Object.keys(WINDOW_HOURS) as Window[]).filter((window) => needed.has(window));
}
