import { otherSlot } from "../../rollout/declaration";
import type { GateOutcome } from "../../rollout/outcome";
import { halted, type Halt, type Journal } from "../../rollout/plan-journal";
import type { WalkOptions } from "../../rollout/plan-walk";
import type { ArmReader } from "../../rollout/experiment/arm-reading";
import type { Task } from "../../toolchain/progress";
import type { Desk } from "./desk";
import type { Move, MoveFailed } from "./move";
import type { OwnTraffic, SwitchedElsewhere } from "./own-traffic";
import type { Measure } from "./promote";
import { goBackFrom, goWhereSent, NoWayBack } from "./retreat";

export interface WalkSettings extends WalkOptions {
  readonly why: string;
  /** Counts as the person's word where a gate asks for one. @default false */
  readonly approve?: boolean;
  /** Aborted where the walk is to stop. */
  readonly signal: AbortSignal;
  /** @default "stay" */
  readonly onInterrupt?: "stay" | "rollback";
  readonly measure: Measure;
  /** What the users of an A/B test did; without it nothing is known of them. */
  readonly arms?: ArmReader;
}

/** Settings, and what a walk that is on knows besides. */
export interface WalkContext extends WalkSettings {
  readonly own: OwnTraffic;
}

export type WalkResult = "promoted" | "finished" | "rolled-back" | "failed" | Halt["reason"] | "taken-over";

export interface WalkEnd {
  readonly result: WalkResult;
  readonly sentence: string;
  readonly gates: readonly GateOutcome[];
}

/** What comes after a step: the journal to go on with, or the end. */
export type Next = Journal | WalkEnd;

/** How often a walk that waits looks whether it still may, in milliseconds. */
export const LOOK_MS = 2_000;
/** Looks in a row that must find no pod of a slot answering: one may fall between two pods. */
export const BAD_LOOKS = 2;

export function write(desk: Desk, journal: Journal): Journal {
  desk.journal.assertMine(journal.id);
  desk.journal.write(journal);
  return journal;
}

export function halt(desk: Desk, journal: Journal, why: Halt): WalkEnd {
  write(desk, halted(journal, why));
  return { result: why.reason, sentence: why.why, gates: journal.gates };
}

/** What is so is neither good nor bad: a person has to see to it, and the step is not over. */
export function standStill(desk: Desk, journal: Journal, why: string): WalkEnd {
  const { service } = journal;
  const so = `traffic stays where it is: \`slipway rollout ${service}\` goes on, \`slipway rollback ${service}\` goes back`;
  return halt(desk, journal, { reason: "inconclusive", why: `${why}; ${so}` });
}

export async function interrupted(desk: Desk, journal: Journal, settings: WalkContext): Promise<WalkEnd> {
  const { service } = journal;
  if (settings.onInterrupt === "rollback") {
    desk.journal.assertMine(journal.id);
    await settings.own.assertUnswitched(desk);
    return fail(desk, journal, settings, "the rollout was interrupted");
  }
  return halt(desk, journal, {
    reason: "interrupted",
    why: `interrupted; traffic stays where it is: \`slipway rollout ${service}\` goes on, \`slipway rollback ${service}\` goes back`,
  });
}

/** All traffic goes back, and the record says why. Where nothing would answer there, it stays, and a person has to see to it. */
export async function fail(
  desk: Desk,
  journal: Journal,
  { signal, onInterrupt }: Pick<WalkSettings, "signal" | "onInterrupt">,
  why: string,
  gates: readonly GateOutcome[] = journal.gates,
): Promise<WalkEnd> {
  // Going back is what an interruption may be for.
  const until = onInterrupt === "rollback" ? {} : { signal };
  try {
    const { sentence } = await goBackFrom(desk, journal, why, gates, until);
    return { result: "rolled-back", sentence: `${why}; ${sentence}`, gates };
  } catch (error) {
    if (!(error instanceof NoWayBack)) throw error;
    return { ...halt(desk, journal, { reason: "failed", why: `${why}; ${error.message}` }), gates };
  }
}

/** Another's switch came before an update of this walk, which undid it: all traffic goes where the other sent it. */
export async function yieldTo(desk: Desk, journal: Journal, other: SwitchedElsewhere): Promise<WalkEnd> {
  const sentence = await goWhereSent(desk, journal, other);
  return { result: "taken-over", sentence, gates: journal.gates };
}

/** The candidate is live and does well: that its predecessor keeps its pods is no reason to go back. */
export async function notLetGo(
  desk: Desk,
  journal: Journal,
  { to: { live } }: Move,
  settings: WalkContext,
  error: MoveFailed,
): Promise<WalkEnd> {
  await settings.own.lookIfPossible(desk, journal);
  if (settings.signal.aborted) return interrupted(desk, journal, settings);
  const { service } = journal;
  return halt(desk, journal, {
    reason: "failed",
    why: `${live} of \`${service}\` is live; ${otherSlot(live)} could not be let go: ${error.message}; \`slipway rollout ${service}\` again does it`,
  });
}

export function ended(task: Task, end: WalkEnd): WalkEnd {
  task.fail(end.sentence);
  return end;
}

/** What gates said, on one line. */
export const inWords = (outcomes: readonly GateOutcome[]): string =>
  outcomes.map(({ gate, reason }) => `${gate}: ${reason}`).join("; ");
