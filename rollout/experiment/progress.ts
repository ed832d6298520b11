import { otherSlot, type Slot, type Weights } from "../declaration";
import type { GateOutcome } from "../outcome";
import { candidateShare } from "../traffic-state";
import type { ArmsReading } from "./arm-reading";
import { assignmentPValue, MISMATCH_ALPHA } from "./assignment-check";
import { banditWeights, probabilityBest, type Outcomes } from "./bandit";
import {
  decide,
  NOT_STARTED,
  unknownGuardrails,
  type Arms,
  type ExperimentState,
  type StopRules,
} from "./decision";
import type { ExperimentDesign } from "./design";
import { explained } from "./explain";
import { countsUsers } from "./queries";

/** Of the outcome that stands in the record and among the gates; no gate can have that name. */
export const EXPERIMENT_GATE = "A/B test";

/** Looks in a row that say nothing of the metric, or of harm where that alone keeps a decision back, after which a person is asked. */
export const MOST_SILENT_LOOKS = 30;
/** Users that were seen and are not any more, as a share: beyond what extrapolation explains, numbers were lost. */
const LOST_SHARE = 0.1;

/** A test that is on: what a command that was cut off must find again. */
export interface ExperimentProgress {
  readonly design: ExperimentDesign;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly state: ExperimentState;
  /** Of the last look that said something. */
  readonly arms?: Arms;
  /** What the last look could not find out, as a sentence; undefined where it could. */
  readonly silent?: string;
  /** How many such looks there were in a row; of those that were silent about harm alone, the ones that kept a decision back. */
  readonly silentLooks: number;
  /** Users do not split as promised. */
  readonly mismatch?: string;
  /** Only of a bandit: probability that the candidate is the better one. */
  readonly candidateBest?: number;
  /** Only of a bandit, RFC 3339: when the weights were changed last. */
  readonly balancedAt?: string;
}

export function beginExperiment(design: ExperimentDesign, at: string): ExperimentProgress {
  return { design, startedAt: at, state: NOT_STARTED, silentLooks: 0 };
}

/** What a look found: the metric that decides, and those of harm rules by name. */
export interface Sighting {
  readonly metric: ArmsReading;
  readonly harm: Readonly<Record<string, ArmsReading>>;
}

/** Takes a look. @param at RFC 3339 */
export function withLook(progress: ExperimentProgress, sighting: Sighting, at: string): ExperimentProgress {
  const { state } = progress;
  if (state.decision !== null) return progress;
  const late = Date.parse(at) >= Date.parse(progress.startedAt) + progress.design.maxDuration * 1000;
  const next = seen(progress, sighting);
  if (!late || next.state.decision !== null) return next;
  return { ...next, state: { ...next.state, decision: "undecided" } };
}

function seen(progress: ExperimentProgress, { metric, harm }: Sighting): ExperimentProgress {
  const { design, state } = progress;
  const silent = "nothing" in metric ? metric.nothing : lost(state, metric.arms);
  if (silent !== undefined || "nothing" in metric)
    return { ...progress, silent: silent!, silentLooks: progress.silentLooks + 1 };
  const { arms } = metric;
  const { silent: _before, ...rest } = progress;
  const heard = { ...rest, arms, silentLooks: 0 };
  const mismatch = mismatchOf(design, arms);
  // Numbers of arms that differ by more than the model say nothing of it.
  if (mismatch !== undefined) return { ...heard, mismatch };
  const guardrails = Object.fromEntries(
    Object.entries(harm).flatMap(([name, reading]) => ("arms" in reading ? [[name, reading.arms]] : [])),
  );
  const { mismatch: _gone, ...whole } = heard;
  const next =
    design.bandit === undefined
      ? { ...whole, state: decide(state, design.rules, { metric: arms, guardrails }) }
      : withBandit(whole, arms, guardrails, design.bandit.certainty);
  const unheard = unheardHarm(next, harm);
  if (unheard === undefined) return next;
  const isKeptBack = next.state.unproven !== undefined;
  return { ...next, silent: unheard, silentLooks: isKeptBack ? progress.silentLooks + 1 : 0 };
}

/** What was not found out about harm, as a sentence; of too few users it is one only where nothing else is waited for. */
function unheardHarm({ design, state }: ExperimentProgress, harm: Sighting["harm"]): string | undefined {
  if (state.decision !== null) return undefined;
  for (const { name } of design.rules.guardrails ?? []) {
    const reading = harm[name];
    if (reading === undefined) return `nothing was read of the harm rule \`${name}\``;
    if ("nothing" in reading) return `nothing is known of the harm rule \`${name}\`: ${reading.nothing}`;
    if (state.unproven?.includes(name) !== true) continue;
    const { live, candidate } = reading.arms;
    return `the harm rule \`${name}\` knew ${live.count} users of live and ${candidate.count} of the candidate, and needs ${design.rules.minimumPerArm} each`;
  }
  return undefined;
}

/** Without a test's error rate: the arm wins that is the better one with the probability that was asked for. */
function withBandit(
  progress: ExperimentProgress,
  arms: Arms,
  guardrails: Readonly<Record<string, Arms>>,
  certainty: number,
): ExperimentProgress {
  const { rules } = progress.design;
  const { decision, ...looked } = decide(
    progress.state,
    { ...rules, minimumEffect: undefined },
    {
      metric: arms,
      guardrails,
    },
  );
  const best = probabilityBest(outcomesOf(arms.live, rules), outcomesOf(arms.candidate, rules));
  const enough = looked.look !== null;
  const { unproven: _byInterval, ...state } = looked;
  const won = enough && best >= certainty ? "superior" : enough && best <= 1 - certainty ? "inferior" : null;
  const kept = decision === "guardrail" || decision === "undecided" ? decision : null;
  const unproven = won === "superior" ? unknownGuardrails(rules, guardrails) : [];
  const proven = unproven.length === 0 ? won : null;
  return {
    ...progress,
    candidateBest: best,
    state: {
      ...state,
      decision: decision === "guardrail" ? decision : (proven ?? kept),
      ...(unproven.length === 0 ? {} : { unproven }),
    },
  };
}

/** What is better counts as a success. */
function outcomesOf({ count, mean }: Arms["live"], { better }: StopRules): Outcomes {
  const yes = Math.round(count * mean);
  return { trials: count, successes: better === "higher" ? yes : count - yes };
}

function lost({ users }: ExperimentState, { live, candidate }: Arms): string | undefined {
  const before = users.live + users.candidate;
  const now = live.count + candidate.count;
  if (now >= before * (1 - LOST_SHARE)) return undefined;
  return `there were ${before} users and now there are ${now}: what counts them was lost or began anew`;
}

function mismatchOf({ metric, share, bandit, rules }: ExperimentDesign, arms: Arms): string | undefined {
  // A bandit's share changes, and requests come in bursts from the same client.
  if (bandit !== undefined || !countsUsers(metric)) return undefined;
  const { live, candidate } = arms;
  if (live.count + candidate.count < (rules.minimumPerArm ?? 0)) return undefined;
  const p = assignmentPValue(live.count, candidate.count, share / 100);
  if (p >= MISMATCH_ALPHA) return undefined;
  const percent = Number(((100 * candidate.count) / (live.count + candidate.count)).toPrecision(3));
  return `the candidate has ${percent} % of ${live.count + candidate.count} users where it should have ${share} % (p ${p.toPrecision(2)}): something other than the model differs between the arms, and no metric means anything`;
}

/** Weights that a bandit wants now; undefined where they are to stay. */
export function wantedWeights(
  { design, arms, state, balancedAt, startedAt }: ExperimentProgress,
  candidate: Slot,
  now: Weights,
  at: string,
): Weights | undefined {
  if (design.bandit === undefined || arms === undefined || state.look === null || state.decision !== null)
    return undefined;
  const { floor, rebalance } = design.bandit;
  if (Date.parse(at) < Date.parse(balancedAt ?? startedAt) + rebalance * 1000) return undefined;
  const { rules } = design;
  const wanted = banditWeights(outcomesOf(arms.live, rules), outcomesOf(arms.candidate, rules), floor);
  return wanted.candidate === now[candidate]
    ? undefined
    : candidateShare(otherSlot(candidate), wanted.candidate);
}

/** Where a test stands and, while it goes on, what it waits for: a sentence with its numbers. */
export function progressSentence(progress: ExperimentProgress): string {
  const { design, state, silent, mismatch } = progress;
  if (mismatch !== undefined) return mismatch;
  const { maximumUsers } = design.rules;
  const unheard = silent === undefined ? "" : `; at the last look ${silent}`;
  if (state.decision === "undecided" && usersOf(state) < maximumUsers) {
    const so = state.look === null ? "" : `: ${found({ ...progress, state: { ...state, decision: null } })}`;
    return `its time of ${inDays(design.maxDuration)} is over${so}${unheard}`;
  }
  const goesOn = state.decision === null && state.look !== null;
  const end = goesOn ? `; it ends after ${maximumUsers} users at the latest` : "";
  return `${found(progress)}${end}${unheard}`;
}

const usersOf = ({ users }: ExperimentState): number => users.live + users.candidate;

/** Of a bandit no interval and no p-value: its shares follow the outcomes, and neither would hold. */
function found({ design, state, candidateBest }: ExperimentProgress): string {
  if (candidateBest === undefined || state.look === null || state.decision === "guardrail")
    return explained(state, design.rules);
  const best = Number(candidateBest.toPrecision(3));
  return `the candidate is the better one with probability ${best}: gain ${shown(state.look.estimate)} after ${usersOf(state)} users`;
}

function inDays(seconds: number): string {
  const days = seconds / 86_400;
  if (days >= 1) return `${Number(days.toPrecision(3))} days`;
  return seconds >= 3_600 ? `${Number((seconds / 3_600).toPrecision(3))} hours` : `${seconds} s`;
}

const VERDICT = {
  superior: "passed",
  inferior: "failed",
  futile: "failed",
  guardrail: "failed",
  undecided: "inconclusive",
} as const;

/** As the record keeps it: the gain by estimate, and the sentence with interval, users and p-value. */
export function experimentOutcome(progress: ExperimentProgress): GateOutcome {
  const { state, mismatch, arms } = progress;
  const verdict =
    mismatch !== undefined || state.decision === null ? "inconclusive" : VERDICT[state.decision];
  const { live, candidate } = state.users;
  const means =
    arms === undefined
      ? ""
      : `; live ${shown(arms.live.mean)} of ${live} users, candidate ${shown(arms.candidate.mean)} of ${candidate}`;
  return {
    gate: EXPERIMENT_GATE,
    verdict,
    value: state.look?.estimate ?? null,
    reason: `${progressSentence(progress)}${means}`,
  };
}

const shown = (value: number): string => String(Number(value.toPrecision(4)));
