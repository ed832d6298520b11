import type { ArmSummary } from "./observations";
import { differenceOf, lookAt, type Difference, type Look } from "./sequential-test";

/** Which way a metric should go. */
export type Better = "higher" | "lower";

/** A metric that must not get worse, whatever the one that decides says. */
export interface Guardrail {
  readonly name: string;
  readonly better: Better;
  /** By how much it may be worse, in its unit. */
  readonly tolerance: number;
  /** τ² of its test. */
  readonly mixture: number;
  /**
   * Probability of ever stopping for it in vain.
   * @default 0.05
   */
  readonly alpha?: number;
}

/** When an experiment stops. All of it is fixed before the first look. */
export interface StopRules {
  readonly better: Better;
  /** τ², of the plan. */
  readonly mixture: number;
  readonly alpha: number;
  /** Smallest gain that matters: once larger ones are ruled out the experiment is futile. Without it, none is. */
  readonly minimumEffect?: number;
  /** Users of both arms after which it ends undecided. */
  readonly maximumUsers: number;
  /**
   * Users of each arm before the first look: the test needs means that are nearly normal. More for numbers with far outliers.
   * @default 300
   */
  readonly minimumPerArm?: number;
  readonly guardrails?: readonly Guardrail[];
}

export const MINIMUM_PER_ARM = 300;
export const GUARDRAIL_ALPHA = 0.05;

/**
 * - `superior`, `inferior`: the candidate is better, worse.
 * - `futile`: it is not better by what matters.
 * - `guardrail`: it makes another metric worse than tolerated.
 * - `undecided`: the users are used up, the difference is still unclear.
 */
export type Decision = "superior" | "inferior" | "futile" | "guardrail" | "undecided";

/** Live slot and candidate of one metric. */
export type Arms = Readonly<{ live: ArmSummary; candidate: ArmSummary }>;

export interface Observed {
  readonly metric: Arms;
  /** By name; one without data stops nothing, but no candidate is found better as long as it has none. */
  readonly guardrails?: Readonly<Record<string, Arms>>;
}

/** Where an experiment stands; to be kept and given to the next look. `explained` tells of it in words. */
export interface ExperimentState {
  /** Users of each arm at the last look. */
  readonly users: { readonly live: number; readonly candidate: number };
  readonly look: Look | null;
  /** Null while it goes on. Once it has stopped, a decision stays. */
  readonly decision: Decision | null;
  /** The guardrail that stopped it. */
  readonly breach?: Breach;
  /** Guardrails of which too little is known, where they alone keep the candidate from being found better. */
  readonly unproven?: readonly string[];
}

export interface Breach {
  readonly name: string;
  /** How much worse the candidate is by estimate, and at least. */
  readonly worseBy: number;
  readonly atLeast: number;
  readonly tolerance: number;
}

export const NOT_STARTED: ExperimentState = { users: { live: 0, candidate: 0 }, look: null, decision: null };

const signOf = (better: Better) => (better === "higher" ? 1 : -1);

/** Turned so that a gain is positive. */
function gainOf({ live, candidate }: Arms, better: Better): Difference {
  const { estimate, variance } = differenceOf(live, candidate);
  return { estimate: signOf(better) * estimate, variance };
}

const hasEnough = ({ live, candidate }: Arms, minimum: number) =>
  live.count >= minimum && candidate.count >= minimum;

/** Guardrails of which nothing is known, or of too few users. */
export function unknownGuardrails(
  rules: StopRules,
  observed: Observed["guardrails"] = {},
): readonly string[] {
  const minimum = rules.minimumPerArm ?? MINIMUM_PER_ARM;
  const isKnown = (arms: Arms | undefined) => arms !== undefined && hasEnough(arms, minimum);
  return (rules.guardrails ?? []).flatMap(({ name }) => (isKnown(observed[name]) ? [] : [name]));
}

/** Takes a look: as often as one likes. */
export function decide(previous: ExperimentState, rules: StopRules, observed: Observed): ExperimentState {
  if (previous.decision !== null) return previous;
  const { metric } = observed;
  const minimum = rules.minimumPerArm ?? MINIMUM_PER_ARM;
  const users = { live: metric.live.count, candidate: metric.candidate.count };
  const enough = hasEnough(metric, minimum);
  const look = enough
    ? lookAt(gainOf(metric, rules.better), rules.mixture, rules.alpha, previous.look?.pValue)
    : previous.look;
  const breach = breached(rules.guardrails ?? [], observed.guardrails ?? {}, minimum);
  if (breach !== undefined) return { users, look, decision: "guardrail", breach };
  const decision = enough ? judged(look!, rules) : null;
  const unproven = decision === "superior" ? unknownGuardrails(rules, observed.guardrails) : [];
  const withheld = unproven.length > 0;
  const exhausted = users.live + users.candidate >= rules.maximumUsers ? "undecided" : null;
  return {
    users,
    look,
    decision: withheld ? exhausted : (decision ?? exhausted),
    ...(withheld ? { unproven } : {}),
  };
}

function judged({ low, high }: Look, { minimumEffect }: StopRules): Decision | null {
  if (low > 0) return "superior";
  if (high < 0) return "inferior";
  return minimumEffect !== undefined && high < minimumEffect ? "futile" : null;
}

function breached(
  guardrails: readonly Guardrail[],
  observed: Readonly<Record<string, Arms>>,
  minimum: number,
): Breach | undefined {
  for (const { name, better, tolerance, mixture, alpha } of guardrails) {
    const arms = observed[name];
    if (arms === undefined || !hasEnough(arms, minimum)) continue;
    const { estimate, high } = lookAt(gainOf(arms, better), mixture, alpha ?? GUARDRAIL_ALPHA);
    if (high < -tolerance) return { name, worseBy: -estimate, atLeast: -high, tolerance };
  }
  return undefined;
}
