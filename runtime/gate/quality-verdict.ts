import type { GateOutcome } from "../../rollout/outcome";
import type { GateMetric } from "./evaluate";

/** Metrics of which more is better; of the others less is. */
const MORE_IS_BETTER: ReadonlySet<GateMetric> = new Set<GateMetric>(["accuracy", "f1", "rocAuc"]);
/** Sums of shares such as 0.1 + 0.2 miss a bound by less than this. */
const ROUNDING = 1e-12;

const NAMES: Readonly<Record<GateMetric, string>> = {
  accuracy: "accuracy",
  f1: "F1 (macro)",
  rocAuc: "ROC-AUC",
  rmse: "RMSE",
  psi: "the population stability index",
  ks: "the Kolmogorov-Smirnov distance",
};

export interface QualityBounds {
  readonly gate: string;
  readonly metric: GateMetric;
  readonly threshold?: number;
  readonly notWorseThanLiveBy?: number;
}

/** Four digits, or as many as tell a value from the bound that it breaks. */
export function shown(value: number, bound?: number): string {
  const short = Number(value.toPrecision(4));
  return String(bound !== undefined && short === bound && value !== bound ? value : short);
}

/** @param live the live slot's metric; undefined where nothing is compared with it */
export function qualityOutcome(
  { gate, metric, threshold, notWorseThanLiveBy: margin }: QualityBounds,
  value: number,
  live: number | undefined,
  samples: number,
): GateOutcome {
  const isMore = MORE_IS_BETTER.has(metric);
  const isShort = (bound: number) => (isMore ? value < bound - ROUNDING : value > bound + ROUNDING);
  const relative =
    margin === undefined || live === undefined ? undefined : isMore ? live - margin : live + margin;
  const bounds = [threshold, relative].flatMap((bound) => bound ?? []);
  // The stricter of the two.
  const bound =
    bounds.length === 0 ? {} : isMore ? { min: Math.max(...bounds) } : { max: Math.min(...bounds) };
  const outcome = (verdict: GateOutcome["verdict"], reason: string) => ({
    gate,
    verdict,
    value,
    ...bound,
    reason,
  });
  const is = (against?: number) => `${NAMES[metric]} is ${shown(value, against)} on ${samples} samples`;
  if (threshold !== undefined && isShort(threshold))
    return outcome("failed", `${is(threshold)}, ${isMore ? "less" : "more"} than ${threshold}`);
  if (relative !== undefined && isShort(relative))
    return outcome(
      "failed",
      `${is(relative)}, worse than the live slot's ${shown(live!)} by more than ${margin}`,
    );
  const kept = [
    ...(threshold === undefined ? [] : [`at ${isMore ? "least" : "most"} ${threshold}`]),
    ...(relative === undefined
      ? []
      : [`not worse than the live slot's ${shown(live!)} by more than ${margin}`]),
  ];
  return outcome("passed", [is(), kept.join(" and ")].join(", "));
}

/** What a person reads in the log of the gate's pod. */
export function qualityTable(bounds: QualityBounds, outcome: GateOutcome, live: number | undefined): string {
  const rows: [string, string][] = [
    ["gate", outcome.gate],
    ["metric", bounds.metric],
    ["candidate", outcome.value === null ? "-" : shown(outcome.value)],
    ["live", live === undefined ? "-" : shown(live)],
    ["at least", outcome.min === undefined ? "-" : shown(outcome.min)],
    ["at most", outcome.max === undefined ? "-" : shown(outcome.max)],
    ["verdict", outcome.verdict],
  ];
  return rows
    .filter(([, text]) => text !== "-")
    .map(([name, text]) => `${name.padEnd(10)}${text}\n`)
    .join("");
}
