import { contentFrom, isStill, modelsOf } from "./content";
import { otherSlot, type Slot } from "./declaration";
import type { Journal, Step, SwitchCommand } from "./plan-journal";
import { promotion, retreat } from "./plan-walk";
import {
  differences,
  isSplit,
  openJournal,
  outdatedConfiguration,
  settledState,
  type Situation,
  type SlotCondition,
} from "./situation";
import type { TrafficState } from "./traffic-state";

export type Decision =
  | { readonly kind: "go"; readonly steps: readonly Step[]; readonly origin: TrafficState }
  /** There is nothing to do, and that is what was wanted. */
  | { readonly kind: "nothing"; readonly why: string }
  | { readonly kind: "refused"; readonly why: string };

const refused = (why: string): Decision => ({ kind: "refused", why });
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

const outdatedRefusal = (situation: Situation): string | undefined => {
  const outdated = outdatedConfiguration(situation);
  return outdated && `${outdated}; \`slipway status ${situation.service}\` shows what is so`;
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

/** Why a slot cannot even be a way back, or undefined. */
export function notAnswering(service: string, slot: Slot, condition: SlotCondition): string | undefined {
  return condition.filled && condition.answers
    ? undefined
    : notReady(service, slot, { ...condition, ready: false });
}

/** Why a slot cannot become live: besides, it must run what was declared last. */
function notPromotable(service: string, slot: Slot, condition: SlotCondition): string | undefined {
  const { outdated } = condition;
  const wrong = notReady(service, slot, condition);
  if (wrong !== undefined || outdated === undefined) return wrong;
  return `slot ${slot} of \`${service}\` is not what was declared last: ${outdated}; \`npm run up\` says why, or ends what is under way`;
}

/**
 * What the slot holds that was live before the last promotion: still what it ran `then`, something `new`, or nobody knows; undefined
 * where the record's last switch is no promotion of the live slot.
 */
function formerSlot({ slots, lastSwitch }: Situation, live: Slot): "then" | "new" | "unknown" | undefined {
  if (lastSwitch?.action !== "promoted" || lastSwitch.live !== live) return undefined;
  const former = otherSlot(live);
  const [ran, now] = [lastSwitch.contents?.[former] ?? "", slots[former].content];
  if (ran === "" || now === "") return "unknown";
  const { runs } = slots[former];
  // The record has what ran, which may be neither what was declared then nor what is now.
  const running = contentFrom(runs?.digest, runs && modelsOf(runs));
  const isKept = isStill(ran, now, slots[live].content) || (running !== "" && running === ran);
  return isKept ? "then" : "new";
}

/** The other slot holds what was live before the last promotion, not a new candidate. */
function promotedAlready(situation: Situation): string | undefined {
  const { service, journal, slots } = situation;
  const { live } = settledState(situation);
  const former = otherSlot(live);
  const promoted = journal?.steps
    .slice(0, journal.cursor)
    .some((step) => step.kind === "move" && step.action === "promoted" && step.to.live === live);
  const now = slots[former].content;
  const isNoted = promoted === true && now !== "" && journal?.contents[former] === now;
  // Another machine, such as the next runner of CI, has the record alone.
  if (!isNoted && formerSlot(situation, live) !== "then") return undefined;
  return `${live} of \`${service}\` was promoted already, and ${former} holds what was live before; \`slipway rollback ${service}\` goes back to it`;
}

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
    outdatedRefusal(situation) ??
    driftRefusal(situation) ??
    notPromotable(service, candidate, situation.slots[candidate]);
  return problem ? refused(problem) : { kind: "go", steps: [promotion(candidate)], origin };
}

/** `rollback`: to the live slot while traffic is split or a rollout is on; after a promotion to the slot that was live before. */
export function planRollback(situation: Situation): Decision {
  const { service } = situation;
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
  const has = formerSlot(situation, origin.live);
  if (has === "new") {
    return refused(
      `slot ${former} of \`${service}\` was filled anew since ${origin.live} was promoted, and what it has now was never live; ` +
        `\`slipway promote ${service}\` makes it live if that is meant, and what was live before comes back when the profile names its models again and \`npm run up\` has brought them`,
    );
  }
  // The record goes with the cluster's store; what the last command wrote down does not.
  if (has !== undefined || promotedAlready(situation) !== undefined) return back(former);
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
    general(situation) ??
    unfinished(situation, ["rollout"]) ??
    outdatedRefusal(situation) ??
    driftRefusal(situation) ??
    unfit;
  return problem ? refused(problem) : { kind: "go", steps: [], origin };
}
