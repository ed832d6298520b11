import { isStill } from "./content";
import { otherSlot, SLOTS, type Slot, type Weights } from "./declaration";
import { isFinished, stateAfter, stateBefore, type Journal, type SwitchCommand } from "./plan-journal";
import { promotion, retreat } from "./plan-walk";
import type { Step } from "./plan-journal";
import type { Action } from "./record/entry";
import type { TrafficState } from "./traffic-state";

/** Whether a slot could answer for the service now. */
export interface SlotCondition {
  /** It has something to run. */
  readonly filled: boolean;
  /** What it runs, in a form that can be compared; empty where that is not known. */
  readonly content: string;
  readonly ready: boolean;
  /** It has no pods and wants none: a way back that must be made ready first. */
  readonly cold: boolean;
  /** What is so, as in "1 of 2 pods is ready". */
  readonly detail: string;
  /**
   * Where it answers with pods from before its last change, as "2 pods are from before its last change": what was
   * declared last is not what would get the traffic.
   */
  readonly outdated?: string;
}

/** What one route of the cluster does with requests. */
export interface ObservedRoute {
  /** As in "HTTPRoute text-host". */
  readonly name: string;
  readonly weights: Weights;
  /** Percent of requests that are copied. */
  readonly mirror: number;
}

export interface LastSwitch {
  readonly action: Action;
  readonly live: Slot;
  /** What the slots ran then, where the record says so. */
  readonly contents?: Readonly<Partial<Record<Slot, string>>>;
}

/** Everything that decides which moves are allowed. */
export interface Situation {
  readonly service: string;
  readonly driver: "pulumi" | "flagger";
  /** What was decided last: the configuration's, else what the stack's last update declared. */
  readonly configured: TrafficState;
  /** What traffic really does. */
  readonly routes: readonly ObservedRoute[];
  readonly slots: Readonly<Record<Slot, SlotCondition>>;
  /** What the last command wrote down; ended or not. */
  readonly journal?: Journal;
  /** The record's last entry that made a slot live or left it so. */
  readonly lastSwitch?: LastSwitch;
}

export type Decision =
  | { readonly kind: "go"; readonly steps: readonly Step[]; readonly origin: TrafficState }
  /** There is nothing to do, and that is what was wanted. */
  | { readonly kind: "nothing"; readonly why: string }
  | { readonly kind: "refused"; readonly why: string };

const refused = (why: string): Decision => ({ kind: "refused", why });
const sameWeights = (a: Weights, b: Weights) => a.blue === b.blue && a.green === b.green;

export const weightsInWords = (weights: Weights): string =>
  SLOTS.map((slot) => `${weights[slot]} % to ${slot}`).join(", ");

/** A journal of a command that was cut off, or of one that stands still. */
export const openJournal = ({ journal, slots }: Pick<Situation, "journal" | "slots">): Journal | undefined =>
  journal && !isFinished(journal) && !isOvertaken(journal, slots) ? journal : undefined;

/** Only the old slot was left to be let go, and by now it holds another candidate. */
function isOvertaken(journal: Journal, slots: Situation["slots"]): boolean {
  const promoted = journal.steps
    .slice(0, journal.cursor)
    .some((step) => step.kind === "move" && step.action === "promoted");
  const old = otherSlot(journal.candidate);
  return promoted && slots[old].content !== "" && slots[old].content !== journal.contents[old];
}

/** The last state that is surely whole: what an unfinished command was leading away from does not count as left yet. */
export function settledState(situation: Situation): TrafficState {
  const journal = openJournal(situation);
  return journal ? stateBefore(journal) : situation.configured;
}

const expected = (situation: Situation): readonly TrafficState[] => {
  const journal = openJournal(situation);
  return journal ? [stateBefore(journal), stateAfter(journal)] : [situation.configured];
};

/** One sentence for each way in which the cluster is not what was decided; empty where all is as it should be. */
export function differences(situation: Situation): readonly string[] {
  const allowed = expected(situation);
  return situation.routes.flatMap((route) => {
    if (allowed.some(({ weights, mirror }) => sameWeights(weights, route.weights) && mirror === route.mirror))
      return [];
    const wanted = allowed[allowed.length - 1]!;
    if (!sameWeights(wanted.weights, route.weights)) {
      return [
        `${route.name} sends ${weightsInWords(route.weights)}; recorded is ${weightsInWords(wanted.weights)}`,
      ];
    }
    return [`${route.name} copies ${route.mirror} % of requests; recorded is ${wanted.mirror} %`];
  });
}

/** Whether any slot but `live` gets requests or copies of them. */
export function isSplit({ routes }: Pick<Situation, "routes">, live: Slot): boolean {
  return routes.some(({ weights, mirror }) => weights[otherSlot(live)] > 0 || mirror > 0);
}

function general(situation: Situation): string | undefined {
  const { service, driver, routes } = situation;
  if (driver === "flagger")
    return `the weights of \`${service}\` are Flagger's (\`driver: flagger\`); change its Canary instead`;
  if (routes.length === 0)
    return `the cluster has no routes of \`${service}\`; \`npm run up\` makes them again`;
  return undefined;
}

const driftRefusal = (situation: Situation): string | undefined => {
  const [first] = differences(situation);
  if (first === undefined) return undefined;
  return `${first}: somebody else moved it; \`slipway rollback ${situation.service}\` sends all traffic to ${settledState(situation).live}`;
};

/** Of another command that was cut off half-way and must be brought to its end first. */
function unfinished(situation: Situation, allowed: readonly SwitchCommand[]): string | undefined {
  const journal = openJournal(situation);
  if (!journal || allowed.includes(journal.command)) return undefined;
  return `\`slipway ${journal.command} ${situation.service}\` was cut off; the same command again brings it to its end`;
}

/** Why a slot cannot be given traffic, or undefined. */
export function notReady(service: string, slot: Slot, { filled, ready, detail }: SlotCondition) {
  if (!filled)
    return `slot ${slot} of \`${service}\` is empty; give the rollout a candidate and run \`npm run up\``;
  if (!ready) return `slot ${slot} of \`${service}\` is not ready: ${detail}`;
  return undefined;
}

/** Why a slot cannot become live: besides, it must run what was declared last. */
function notPromotable(service: string, slot: Slot, condition: SlotCondition): string | undefined {
  const { outdated } = condition;
  const wrong = notReady(service, slot, condition);
  if (wrong !== undefined || outdated === undefined) return wrong;
  return `slot ${slot} of \`${service}\` is not what was declared last: ${outdated}; \`npm run up\` says why, or ends what is under way`;
}

/** The other slot holds what was live before the last promotion, not a new candidate. */
function promotedAlready({ service, journal, slots, configured, lastSwitch }: Situation): string | undefined {
  const promoted = journal?.steps.some(
    (step, i) =>
      i < journal.cursor &&
      step.kind === "move" &&
      step.action === "promoted" &&
      step.to.live === configured.live,
  );
  const former = otherSlot(configured.live);
  const now = slots[former].content;
  if (now === "") return undefined;
  const isNoted = promoted === true && journal?.contents[former] === now;
  // Another machine, such as the next runner of CI, has the record alone.
  const ran = (isPromotionTo(configured.live, lastSwitch) && lastSwitch?.contents?.[former]) || "";
  const isRecorded = ran !== "" && isStill(ran, now, slots[configured.live].content);
  if (!isNoted && !isRecorded) return undefined;
  return `${configured.live} of \`${service}\` was promoted already, and ${former} holds what was live before; \`slipway rollback ${service}\` goes back to it`;
}

const isPromotionTo = (live: Slot, lastSwitch: LastSwitch | undefined): boolean =>
  lastSwitch?.action === "promoted" && lastSwitch.live === live;

/** A candidate that is not the one which a rollout or promotion in progress began with: nothing was said about it. */
function filledAnew({ service, slots }: Situation, journal: Journal | undefined): string | undefined {
  if (!journal || (journal.command !== "rollout" && journal.command !== "promote")) return undefined;
  const { candidate, contents, command } = journal;
  const [then, now] = [contents[candidate] ?? "", slots[candidate].content];
  if (then === "" || now === "" || then === now) return undefined;
  return `slot ${candidate} of \`${service}\` was filled anew since this ${command === "promote" ? "promotion" : "rollout"} began; \`slipway abort ${service}\` ends it`;
}

/** `promote`: all traffic to the candidate, which becomes live. */
export function planPromotion(situation: Situation): Decision {
  const { service } = situation;
  const origin = settledState(situation);
  const candidate = otherSlot(origin.live);
  const done = isSplit(situation, origin.live) ? undefined : promotedAlready(situation);
  if (done) return { kind: "nothing", why: done };
  const problem =
    general(situation) ??
    filledAnew(situation, openJournal(situation)) ??
    unfinished(situation, ["promote", "rollout"]) ??
    driftRefusal(situation) ??
    notPromotable(service, candidate, situation.slots[candidate]);
  return problem ? refused(problem) : { kind: "go", steps: [promotion(candidate)], origin };
}

/** `rollback`: to the live slot while traffic is split or a rollout is on; after a promotion to the slot that was live before. */
export function planRollback(situation: Situation): Decision {
  const { service, lastSwitch } = situation;
  const problem = general(situation);
  if (problem) return refused(problem);
  const journal = openJournal(situation);
  const origin = settledState(situation);
  if (journal?.command === "rollback") return { kind: "go", steps: journal.steps, origin: journal.origin };
  const back = (live: Slot): Decision => {
    const wrong = situation.slots[live].filled ? undefined : notReady(service, live, situation.slots[live]);
    return wrong ? refused(wrong) : { kind: "go", steps: [retreat(live, "rolled-back")], origin };
  };
  if (isSplit(situation, origin.live) || differences(situation).length > 0) return back(origin.live);
  const promotedHere = journal?.steps
    .slice(0, journal.cursor)
    .some((step) => step.kind === "move" && step.action === "promoted");
  const former = otherSlot(origin.live);
  if (promotedHere) return back(former);
  // A command that moved nothing yet: its journal is all there is to take back.
  if (journal) return back(origin.live);
  if (isPromotionTo(origin.live, lastSwitch)) {
    const { slots } = situation;
    const ran = lastSwitch?.contents?.[former] ?? "";
    if (isStill(ran, slots[former].content, slots[origin.live].content)) return back(former);
    return refused(
      `slot ${former} of \`${service}\` was filled anew since ${origin.live} was promoted, and what it has now was never live; ` +
        `\`slipway promote ${service}\` makes it live if that is meant, and what was live before comes back when the profile names its models again and \`npm run up\` has brought them`,
    );
  }
  // The record goes with the cluster's store; what the last command wrote down does not.
  if (promotedAlready(situation) !== undefined) return back(former);
  return {
    kind: "nothing",
    why: `all traffic of \`${service}\` is on ${origin.live} and nothing was promoted since: there is nothing to go back to`,
  };
}

/** `abort`: a rollout in progress ends with all traffic on the live slot. */
export function planAbort(situation: Situation): Decision {
  const problem = general(situation);
  if (problem) return refused(problem);
  const journal = openJournal(situation);
  const origin = settledState(situation);
  const other = unfinished(situation, ["abort", "promote", "rollout"]);
  if (other) return refused(other);
  if (journal?.command === "abort") return { kind: "go", steps: journal.steps, origin: journal.origin };
  if (!journal && !isSplit(situation, origin.live)) {
    return {
      kind: "nothing",
      why: `no rollout of \`${situation.service}\` is in progress: all traffic is on ${origin.live}`,
    };
  }
  return { kind: "go", steps: [retreat(origin.live, "aborted", origin.standby)], origin };
}

/** `rollout`: whether a walk may begin; the steps are the strategy's. */
export function planRollout(situation: Situation): Decision {
  const origin = settledState(situation);
  const candidate = otherSlot(origin.live);
  const { service, slots } = situation;
  const journal = openJournal(situation);
  const done = journal || isSplit(situation, origin.live) ? undefined : promotedAlready(situation);
  if (done) return { kind: "nothing", why: done };
  const anew = journal?.command === "rollout" ? filledAnew(situation, journal) : undefined;
  if (anew) return refused(anew);
  // A cold candidate is made ready by the first step.
  const { cold, ready, filled } = slots[candidate];
  const unfit = cold || (filled && !ready) ? undefined : notPromotable(service, candidate, slots[candidate]);
  const problem =
    general(situation) ?? unfinished(situation, ["rollout"]) ?? driftRefusal(situation) ?? unfit;
  return problem ? refused(problem) : { kind: "go", steps: [], origin };
}
