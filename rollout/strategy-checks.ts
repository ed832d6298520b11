import { ruleProblems } from "./comparison/rule-checks";
import { SLOTS, otherSlot, type Slot, type Strategy } from "./declaration";
import { experimentProblems } from "./experiment-checks";
import type { TrafficState } from "./traffic-state";

/** One thing that is wrong in a declaration: where it is and what is allowed instead. */
export interface DeclarationProblem {
  readonly propertyPath: string;
  readonly reason: string;
}

type Report = (propertyPath: string, reason: string) => void;

/** Seconds of a day: what takes longer is a mistake. */
const DAY = 86_400;

const KINDS: readonly string[] = ["blueGreen", "canary", "shadow", "abTest"] satisfies Strategy["kind"][];

/** The value of a header, as HTTPRoute takes it, written so that it is read in one pass. */
const HEADER_VALUE = /^[!-~](?:[\t ]?[!-~])*$/;
/** The name of a header, as HTTPRoute and GRPCRoute take it. */
const HEADER = /^[A-Za-z0-9!#$%&'*+\-.^_`|~]{1,256}$/;
/** Headers that choose something already, or have done their work before a route is chosen. */
const TAKEN_HEADERS = ["slipway-slot", "slipway-service", "cookie", "authorization", "host"];

const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isInteger(value) && (value as number) >= least && (value as number) <= most;

/** Everything that is wrong with a strategy, whatever the slots and their traffic. */
export function strategyProblems(strategy: Strategy): DeclarationProblem[] {
  const problems: DeclarationProblem[] = [];
  const report: Report = (path, reason) =>
    problems.push({ propertyPath: path === "" ? "strategy" : `strategy.${path}`, reason });
  if (!KINDS.includes(strategy.kind)) {
    report("kind", `"${String(strategy.kind)}" must be one of ${KINDS.join(", ")}`);
    return problems;
  }
  if ("scaleDownDelay" in strategy) seconds(strategy.scaleDownDelay, 0, "scaleDownDelay", report);
  if (strategy.kind === "canary") canaryProblems(strategy, report);
  if (strategy.kind === "shadow") shadowProblems(strategy, report);
  if (strategy.kind === "abTest") {
    percent(strategy.share, 1, 99, "share", report);
    experimentProblems(strategy, report);
  }
  return problems;
}

function seconds(value: unknown, least: number, path: string, report: Report): void {
  if (value === undefined || isWhole(value, least, DAY)) return;
  report(path, `${String(value)} must be whole seconds from ${least} to ${DAY}`);
}

function percent(value: unknown, least: number, most: number, path: string, report: Report): void {
  if (value === undefined || isWhole(value, least, most)) return;
  report(path, `${String(value)} must be a whole number from ${least} to ${most}`);
}

function shadowProblems(
  { percent: share, samplePercent, compare }: Extract<Strategy, { kind: "shadow" }>,
  report: Report,
): void {
  percent(share, 1, 100, "percent", report);
  const isShare = typeof samplePercent === "number" && samplePercent > 0 && samplePercent <= 100;
  if (samplePercent !== undefined && !isShare)
    report("samplePercent", `${String(samplePercent)} must be more than 0 and at most 100`);
  if (compare === undefined) return;
  for (const { path, reason } of ruleProblems(compare))
    report(path === "" ? "compare" : `compare.${path}`, reason);
}

function canaryProblems(strategy: Extract<Strategy, { kind: "canary" }>, report: Report): void {
  const { stepWeights, weight, increment, maxWeight, match } = strategy;
  const parts = { weight, increment, maxWeight };
  const given = Object.entries(parts).filter(([, value]) => value !== undefined);
  seconds(strategy.interval, 1, "interval", report);
  if (stepWeights !== undefined && given.length > 0) {
    report(
      "stepWeights",
      `cannot be given beside ${given.map(([key]) => `\`${key}\``).join(", ")}: take one of the two`,
    );
  } else if (stepWeights !== undefined) {
    stepProblems(stepWeights, report);
  } else if (given.length > 0) {
    const missing = Object.keys(parts).filter((key) => parts[key as keyof typeof parts] === undefined);
    if (missing.length > 0) {
      report("", `needs ${missing.map((key) => `\`${key}\``).join(" and ")} beside \`${given[0]![0]}\``);
    }
    for (const [key, value] of given) percent(value, 1, 100, key, report);
    if (isWhole(weight, 1, 100) && isWhole(maxWeight, 1, 100) && weight > maxWeight)
      report("weight", `${weight} must be at most \`maxWeight\` (${maxWeight})`);
  }
  if (match === undefined) return;
  const header = String(match.header);
  if (!HEADER.test(header)) report("match.header", `"${header}" must be the name of a header`);
  else if (TAKEN_HEADERS.includes(header.toLowerCase()))
    report("match.header", `"${header}" means something else already; take a header of its own`);
  if (typeof match.value !== "string" || match.value === "" || match.value.length > 4096)
    report("match.value", "must be a text of 1 to 4096 characters");
  else if (!HEADER_VALUE.test(match.value))
    report(
      "match.value",
      `"${match.value}" must be printable ASCII, with single blanks and none at its ends`,
    );
}

function stepProblems(weights: readonly number[], report: Report): void {
  if (!Array.isArray(weights) || weights.length === 0) {
    report("stepWeights", "must have at least one step");
    return;
  }
  weights.forEach((weight, i) => {
    percent(weight, 1, 100, `stepWeights[${i}]`, report);
    const before = weights[i - 1];
    if (before !== undefined && weight <= before)
      report(`stepWeights[${i}]`, `${weight} must be more than the step before it (${before})`);
  });
}

/** What traffic is checked against. */
export interface TrafficContext {
  readonly strategy: Strategy;
  /** The slots that have something to run. */
  readonly filled: readonly Slot[];
}

/** Everything that is wrong with where traffic is to go; nothing may be sent to what is not there. */
export function trafficProblems(
  { live, weights, mirror, standby, candidate }: TrafficState,
  { strategy, filled }: TrafficContext,
): DeclarationProblem[] {
  const problems: DeclarationProblem[] = [];
  const report: Report = (path, reason) => problems.push({ propertyPath: `traffic.${path}`, reason });
  if (!SLOTS.includes(live)) {
    report("live", `"${String(live)}" must be one of ${SLOTS.join(", ")}`);
    return problems;
  }
  if (!filled.includes(live))
    report("live", `"${live}" is not filled; there is ${filled.join(" and ") || "none"}`);
  if (candidate !== undefined && candidate !== "none" && !SLOTS.includes(candidate))
    report("candidate", `"${String(candidate)}" must be one of ${SLOTS.join(", ")}, none`);
  if (standby !== "warm" && standby !== "cold")
    report("standby", `"${String(standby)}" must be one of warm, cold`);
  const whole = SLOTS.every((slot) => isWhole(weights?.[slot], 0, 100));
  for (const slot of SLOTS) {
    const weight: unknown = weights?.[slot];
    if (!isWhole(weight, 0, 100))
      report(`weights.${slot}`, `${String(weight)} must be a whole number from 0 to 100`);
    else if (weight > 0 && !filled.includes(slot))
      report(`weights.${slot}`, `${weight} percent cannot go to a slot that is not filled`);
  }
  const other = otherSlot(live);
  if (whole) {
    const sum = weights.blue + weights.green;
    if (sum !== 100)
      report("weights", `blue ${weights.blue} and green ${weights.green} must sum to 100, not ${sum}`);
    else if (strategy.kind === "shadow" && weights[other] > 0)
      report(
        `weights.${other}`,
        `${weights[other]} must be 0: with \`shadow\` the other slot only sees copies`,
      );
    else if (strategy.kind === "blueGreen" && weights.blue > 0 && weights.green > 0)
      report(
        "weights",
        `blue ${weights.blue} and green ${weights.green} must be 100 and 0: \`blueGreen\` moves all at once`,
      );
    if (standby === "cold" && weights[other] > 0)
      report(
        "standby",
        `"cold" takes the pods of ${other}, which has ${weights[other]} percent of the traffic`,
      );
  }
  mirrorProblems({ live, mirror, standby }, { strategy, filled }, report);
  return problems;
}

function mirrorProblems(
  { live, mirror, standby }: Omit<TrafficState, "weights">,
  { strategy, filled }: TrafficContext,
  report: Report,
): void {
  const other = otherSlot(live);
  if (!isWhole(mirror, 0, 100)) {
    report("mirror", `${String(mirror)} must be a whole number from 0 to 100`);
    return;
  }
  if (mirror === 0) return;
  if (strategy.kind !== "shadow")
    report("mirror", `${mirror} needs strategy \`shadow\`, and this is \`${strategy.kind}\``);
  if (!filled.includes(other))
    report("mirror", `${mirror} percent cannot be copied to ${other}, which is not filled`);
  if (standby === "cold")
    report("standby", `"cold" takes the pods of ${other}, which sees copies of requests`);
}

/** Whether a slot gets requests, or copies of them. */
export function isUsed(slot: Slot, { live, weights, mirror }: TrafficState): boolean {
  return weights[slot] > 0 || (slot !== live && mirror > 0);
}

/**
 * The slot that gates which run as Jobs are about; undefined where nothing has been switched and nothing is to be.
 * @param first the slot that the declaration calls live
 */
export function judgedSlot(traffic: TrafficState, first: Slot): Slot | undefined {
  const other = otherSlot(traffic.live);
  if (isUsed(other, traffic)) return other;
  if (traffic.candidate === "none") return undefined;
  return traffic.candidate ?? (traffic.live === first ? undefined : traffic.live);
}

/** Whether clients are kept on a side by a cookie. */
export function isSticky(strategy: Strategy): boolean {
  if (strategy.kind === "abTest") return strategy.assignment !== "header";
  return strategy.kind === "canary" && strategy.affinity === true;
}
