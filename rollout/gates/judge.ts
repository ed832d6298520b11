import type { FeedbackGate, MeasuringGate } from "../declaration";
import { LAST_BOUND } from "../duration-bounds";
import { GATE_DEFAULTS } from "../defaults";
import type { GateOutcome, Verdict } from "../outcome";
import type { PrometheusReader, Reading } from "./prometheus-reader";
import { feedbackSamples, feedbackWindow } from "./feedback-queries";
import { comparatorOf, gateQueries } from "./queries";
import type { QueryNames } from "./query-template";
import { shownNumber } from "./shown-number";

/** What `gateQueries` asked, answered. */
export interface Measurement {
  readonly value: Reading;
  readonly live?: Reading;
  readonly samples?: Reading;
  readonly restart?: Reading;
  readonly age?: Reading;
}

/** Asks everything that a gate rests on at once, and judges it. */
export async function measure(
  gate: MeasuringGate,
  names: QueryNames,
  reader: PrometheusReader,
): Promise<GateOutcome> {
  const queries = Object.entries(gateQueries(gate, names)) as [keyof Measurement, string][];
  const readings = await Promise.all(
    queries.map(async ([key, query]) => [key, await reader.read(query)] as const),
  );
  return judge(gate, names, Object.fromEntries(readings) as unknown as Measurement);
}

/** One measurement's verdict. What says nothing is inconclusive, whatever else is known. */
export function judge(gate: MeasuringGate, names: QueryNames, measured: Measurement): GateOutcome {
  const outcome = (verdict: Verdict, value: number | null, reason: string): GateOutcome => ({
    gate: gate.name,
    verdict,
    value,
    ...heldAgainst(gate, measured.live),
    reason,
  });
  const source = gate.kind === "comparison" ? comparatorOf(names) : names.service;
  const silent =
    unheard(source, names, measured.age) ??
    begunAnew(source, names, measured.restart) ??
    tooFew(gate, source, names, measured.samples);
  if (silent !== undefined) return outcome("inconclusive", null, silent);
  const what = subject(gate);
  if ("nothing" in measured.value)
    return outcome("inconclusive", null, `${what} cannot be told: ${measured.value.nothing}`);
  const value = measured.value.number;
  const { broken, kept } = checkBounds(gate, what, value);
  if (broken !== undefined) return outcome("failed", value, broken);
  const comparison = compare(gate, what, value, measured.live);
  if (comparison === undefined) return outcome("passed", value, kept);
  return outcome(comparison.verdict, value, comparison.reason);
}

/** @param service whose numbers they are */
function unheard(
  service: string,
  { windowSeconds }: QueryNames,
  age: Reading | undefined,
): string | undefined {
  if (age === undefined) return undefined;
  if ("nothing" in age) return `nothing is known of ${service}: ${age.nothing}`;
  if (age.number <= windowSeconds) return undefined;
  return `the newest numbers of ${service} are ${Math.round(age.number)} s old, more than ${windowSeconds} s`;
}

/** What it measured before is not in its numbers: what is there may be all that is right, or all that is wrong. */
function begunAnew(
  service: string,
  { windowSeconds }: QueryNames,
  restart: Reading | undefined,
): string | undefined {
  if (restart === undefined || "nothing" in restart || restart.number >= windowSeconds) return undefined;
  return `${service} began anew ${Math.max(0, Math.round(restart.number))} s ago, and not all of the last ${windowSeconds} s is in its numbers`;
}

function tooFew(
  gate: MeasuringGate,
  service: string,
  { windowSeconds }: QueryNames,
  samples: Reading | undefined,
): string | undefined {
  if (gate.kind === "feedback") return tooFewGraded(gate, service, samples);
  const least = gate.minimumSamples ?? GATE_DEFAULTS.minimumSamples;
  if (least === 0) return undefined;
  if (samples === undefined) return `it is not known how many requests ${service} had`;
  if ("nothing" in samples) return `it is not known how many requests ${service} had: ${samples.nothing}`;
  if (samples.number >= least) return undefined;
  const did = gate.kind === "comparison" ? "compared" : "answered";
  return `${service} ${did} ${Math.floor(samples.number)} requests in ${windowSeconds} s, fewer than ${least}`;
}

/** Also where no number of samples is asked for: of none there is no metric. */
function tooFewGraded(gate: FeedbackGate, service: string, samples: Reading | undefined): string | undefined {
  const graded = samples !== undefined && "number" in samples ? samples.number : 0;
  const least = Math.max(1, feedbackSamples(gate));
  // `increase` extrapolates, and gives fractions of samples.
  if (Math.round(graded) >= least) return undefined;
  return `${service} had the truth about ${Math.round(graded)} samples of "${gate.model}" in ${feedbackWindow(gate)} s, fewer than ${least}`;
}

/** `p99`, `p99.9`: `quantile * 100` alone would print 99.90000000000001. */
function subject(gate: MeasuringGate): string {
  switch (gate.kind) {
    case "prometheus":
      return "the query's number";
    case "errorRate":
      return "the error rate";
    case "comparison":
      return "the share of requests whose answers differ";
    case "feedback": {
      const { metric, segment = GATE_DEFAULTS.segment } = gate;
      return `${FEEDBACK_NAMES[metric]} by feedback${segment === GATE_DEFAULTS.segment ? "" : ` on ${segment}`}`;
    }
    case "latency":
      return `p${Number(((gate.quantile ?? GATE_DEFAULTS.quantile) * 100).toPrecision(12))}`;
  }
}

const UNIT = { prometheus: "", errorRate: " %", latency: " s", comparison: " %", feedback: "" } as const;

const FEEDBACK_NAMES = {
  accuracy: "the accuracy",
  precision: "the precision",
  recall: "the recall",
  f1: "F1",
  rmse: "the RMSE",
  mae: "the MAE",
} as const satisfies Record<FeedbackGate["metric"], string>;

/** Of errors less is better, of everything else more. */
const isLeast = (gate: MeasuringGate) =>
  gate.kind === "feedback" && gate.metric !== "rmse" && gate.metric !== "mae";

function boundsOf(gate: MeasuringGate): { min?: number; max?: number } {
  switch (gate.kind) {
    case "prometheus":
      return { min: gate.min, max: gate.max };
    case "errorRate":
    case "comparison":
      return { max: gate.maxPercent ?? GATE_DEFAULTS.maxPercent };
    case "latency":
      return { max: gate.maxSeconds };
    case "feedback":
      return isLeast(gate) ? { min: gate.threshold } : { max: gate.threshold };
  }
}

function checkBounds(gate: MeasuringGate, what: string, value: number): { broken?: string; kept: string } {
  const { min, max } = boundsOf(gate);
  const unit = UNIT[gate.kind];
  const is = (bound?: number) => `${what} is ${shownNumber(value, bound)}${unit}`;
  if (gate.kind === "latency" && value >= LAST_BOUND)
    return { broken: `${what} is beyond ${LAST_BOUND} s, where the server's histogram ends`, kept: "" };
  // Written so that what compares to nothing counts as broken.
  if (max !== undefined && !(value <= max))
    return { broken: `${is(max)}, more than ${max}${unit}`, kept: "" };
  if (min !== undefined && !(value >= min))
    return { broken: `${is(min)}, less than ${min}${unit}`, kept: "" };
  const limits = [
    ...(min === undefined ? [] : [`at least ${min}${unit}`]),
    ...(max === undefined ? [] : [`at most ${max}${unit}`]),
  ];
  return { kept: [is(), ...(limits.length > 0 ? [`${limits.join(" and ")} as it must be`] : [])].join(", ") };
}

const ROUNDING = 1e-12;

interface Comparison {
  readonly verdict: Verdict;
  readonly reason: string;
}

/** At most, or at least where more is better, by what the live slot has. */
function relativeBound(gate: MeasuringGate, live: number): number | undefined {
  if (gate.kind === "feedback" && gate.notWorseThanLiveBy !== undefined)
    return live + (isLeast(gate) ? -1 : 1) * gate.notWorseThanLiveBy;
  if (gate.kind === "errorRate" && gate.notWorseThanLiveBy !== undefined)
    return live + gate.notWorseThanLiveBy;
  if (gate.kind === "latency" && gate.notSlowerThanLiveBy !== undefined)
    return live * (1 + gate.notSlowerThanLiveBy / 100);
  return undefined;
}

/** The strictest of the bounds that are known. */
function heldAgainst(gate: MeasuringGate, live: Reading | undefined): { min?: number; max?: number } {
  const { min, max } = boundsOf(gate);
  const relative = live && "number" in live ? relativeBound(gate, live.number) : undefined;
  const least = [min, isLeast(gate) ? relative : undefined].flatMap((bound) => bound ?? []);
  const most = [max, isLeast(gate) ? undefined : relative].flatMap((bound) => bound ?? []);
  return {
    ...(least.length === 0 ? {} : { min: Math.max(...least) }),
    ...(most.length === 0 ? {} : { max: Math.min(...most) }),
  };
}

/** Undefined where the gate does not compare. */
function compare(
  gate: MeasuringGate,
  what: string,
  value: number,
  live: Reading | undefined,
): Comparison | undefined {
  if (gate.kind === "prometheus" || gate.kind === "comparison") return undefined;
  const margin = gate.kind === "latency" ? gate.notSlowerThanLiveBy : gate.notWorseThanLiveBy;
  if (margin === undefined) return undefined;
  if (live === undefined || "nothing" in live) {
    const why = live === undefined ? "it was not asked for" : live.nothing;
    return {
      verdict: "inconclusive",
      reason: `the live slot's cannot be told, so ${what} has nothing to compare with: ${why}`,
    };
  }
  const bound = relativeBound(gate, live.number)!;
  const allowed =
    gate.kind === "errorRate"
      ? `${margin} percentage points`
      : gate.kind === "latency"
        ? `${margin} %`
        : String(margin);
  const unit = UNIT[gate.kind];
  const is = `${what} is ${shownNumber(value, bound)}${unit}`;
  const against = `the live slot's ${shownNumber(live.number)}${unit}`;
  const side = isLeast(gate) ? "below" : "above";
  // Sums of shares such as 0.1 + 0.2 miss a bound by less than this.
  const slack = gate.kind === "feedback" ? ROUNDING : 0;
  const within = isLeast(gate) ? value >= bound - slack : value <= bound + slack;
  return within
    ? { verdict: "passed", reason: `${is}, not more than ${allowed} ${side} ${against}` }
    : { verdict: "failed", reason: `${is}, more than ${allowed} ${side} ${against}` };
}
