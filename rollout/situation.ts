import { otherSlot, SLOTS, type Slot, type Weights } from "./declaration";
import { isFinished, stateAfter, stateBefore, type Journal } from "./plan-journal";
import type { PublishedSlot } from "./published";
import type { Action } from "./record/entry";
import { plainText } from "./record/plain-text";
import type { TrafficState } from "./traffic-state";

/** Whether a slot could answer for the service now. */
export interface SlotCondition {
  /** It has something to run. */
  readonly filled: boolean;
  /** What it runs, in a form that can be compared; empty where that is not known. */
  readonly content: string;
  /** As many pods as its Deployment promises are ready: it can be given any share. */
  readonly ready: boolean;
  /** Some pod answers, be it a single one of many: what it gets is not lost. */
  readonly answers: boolean;
  /** It has no pods and wants none: a way back that must be made ready first. */
  readonly cold: boolean;
  /** How long a pod of it may take until it is ready, in milliseconds: what its Deployment gives it. */
  readonly patienceMs: number;
  /** What is so, as in "1 of 2 pods is ready". */
  readonly detail: string;
  /**
   * Where it answers with pods from before its last change, as "2 pods are from before its last change": what was
   * declared last is not what would get the traffic.
   */
  readonly outdated?: string;
  /** What its Deployment says that its pods run, as far as that names it: `content` is what was declared. */
  readonly runs?: { readonly digest?: string | undefined; readonly models: PublishedSlot["models"] };
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

/** What the record's last entry about a move of traffic says. */
export interface RecordedMove {
  readonly sequence: number;
  readonly action: Action;
  readonly by: string;
  readonly live: Slot;
  readonly to: Weights;
  /** Percent of requests that are copied from then on. */
  readonly mirror: number;
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
  readonly lastMove?: RecordedMove;
  /** Number of the record's entry that `configured` was written with; left out where that is not known. */
  readonly configuredAt?: number;
}

const sameWeights = (a: Weights, b: Weights) => a.blue === b.blue && a.green === b.green;

export const weightsInWords = (weights: Weights): string =>
  SLOTS.map((slot) => `${weights[slot]} % to ${slot}`).join(", ");

/** A journal of a command that was cut off, or of one that stands still. */
export const openJournal = ({
  journal,
  slots,
  lastMove,
}: Pick<Situation, "journal" | "slots" | "lastMove">): Journal | undefined =>
  journal && !isFinished(journal) && !isRefilled(journal, slots) && !isOvertaken(journal, lastMove)
    ? journal
    : undefined;

/** Another machine's command has moved the traffic since: what this one meant is over. */
const isOvertaken = ({ sequence, by }: Journal, lastMove: RecordedMove | undefined): boolean =>
  sequence !== undefined && lastMove !== undefined && lastMove.sequence > sequence && lastMove.by !== by;

/** Only the old slot was left to be let go, and by now it holds another candidate. */
function isRefilled(journal: Journal, slots: Situation["slots"]): boolean {
  const promoted = journal.steps
    .slice(0, journal.cursor)
    .some((step) => step.kind === "move" && step.action === "promoted");
  const old = otherSlot(journal.candidate);
  return promoted && slots[old].content !== "" && slots[old].content !== journal.contents[old];
}

/** The last state that is surely whole: what an unfinished command was leading away from does not count as left yet. */
export function settledState(situation: Situation): TrafficState {
  const journal = openJournal(situation);
  if (journal) return stateBefore(journal);
  const moved = movedSince(situation);
  if (!moved) return situation.configured;
  const { live, to, mirror, action } = moved;
  return { live, weights: to, mirror, standby: action === "scaled-down" ? "cold" : "warm" };
}

/** The move, recorded from elsewhere, that `configured` knows nothing of. */
function movedSince({ lastMove, configuredAt }: Situation): RecordedMove | undefined {
  return lastMove && configuredAt !== undefined && lastMove.sequence > configuredAt ? lastMove : undefined;
}

/** A sentence where what is configured here is older than the record's last move; no command of this machine's is the reason. */
export function outdatedConfiguration(situation: Situation): string | undefined {
  const moved = openJournal(situation) ? undefined : movedSince(situation);
  if (!moved) return undefined;
  const { by, action, sequence } = moved;
  return `the configuration here is from before what ${plainText(by)} did last (\`${action}\`, entry ${sequence} of the record): take the one that was written then`;
}

/** From here on a walk moves the traffic again and again, and records each move after it. */
const isUnderWay = ({ action, live, to, mirror }: RecordedMove): boolean =>
  action === "rollout-started" || (action === "step" && (to[live] < 100 || mirror > 0));

/**
 * What the routes send although no command recorded it, and what was recorded last; a command that was cut off explains it, and so does
 * a walk that is on elsewhere.
 */
export function unrecordedWeights(situation: Situation): { from: Weights; to: Weights } | undefined {
  const { lastMove, routes } = situation;
  const [first] = routes;
  if (!lastMove || isUnderWay(lastMove) || !first || openJournal(situation)) return undefined;
  const areAlike = routes.every(({ weights }) => sameWeights(weights, first.weights));
  if (!areAlike || sameWeights(first.weights, lastMove.to)) return undefined;
  return { from: lastMove.to, to: first.weights };
}

const expected = (situation: Situation): readonly TrafficState[] => {
  const journal = openJournal(situation);
  return journal ? [stateBefore(journal), stateAfter(journal)] : [settledState(situation)];
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

/**
 * Why all traffic must not go to `live` now: none of its pods answers, while the other slot has traffic and answers it. Undefined
 * where nothing would be lost by it.
 */
export function outageBy({ service, slots, routes }: Situation, live: Slot): string | undefined {
  const other = otherSlot(live);
  const isServed = slots[other].answers && routes.some(({ weights }) => weights[other] > 0);
  if (slots[live].answers || !isServed) return undefined;
  return `no pod of slot ${live} of \`${service}\` answers (${slots[live].detail}), and ${other} does`;
}

/** Whether any slot but `live` gets requests or copies of them. */
export function isSplit({ routes }: Pick<Situation, "routes">, live: Slot): boolean {
  return routes.some(({ weights, mirror }) => weights[otherSlot(live)] > 0 || mirror > 0);
}
