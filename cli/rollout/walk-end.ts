import type { GateOutcome } from "../../rollout/outcome";
import { halted, type Halt, type Journal } from "../../rollout/plan-journal";
import type { WalkOptions } from "../../rollout/plan-walk";
import type { ArmReader } from "../../rollout/experiment/arm-reading";
import type { Task } from "../../toolchain/progress";
import type { Desk } from "./desk";
import type { Measure } from "./promote";
import { goBackFrom } from "./retreat";

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
/** Looks in a row that must find the candidate not ready: one may fall between two pods. */
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

export async function interrupted(desk: Desk, journal: Journal, settings: WalkSettings): Promise<WalkEnd> {
  const { service } = journal;
  if (settings.onInterrupt === "rollback") return fail(desk, journal, "the rollout was interrupted");
  return halt(desk, journal, {
    reason: "interrupted",
    why: `interrupted; traffic stays where it is: \`slipway rollout ${service}\` goes on, \`slipway rollback ${service}\` goes back`,
  });
}

/** All traffic goes back, and the record says why. */
export async function fail(
  desk: Desk,
  journal: Journal,
  why: string,
  gates: readonly GateOutcome[] = journal.gates,
): Promise<WalkEnd> {
  const { sentence } = await goBackFrom(desk, journal, why, gates);
  return { result: "rolled-back", sentence: `${why}; ${sentence}`, gates };
}

export function ended(task: Task, end: WalkEnd): WalkEnd {
  task.fail(end.sentence);
  return end;
}

/** What gates said, on one line. */
export const inWords = (outcomes: readonly GateOutcome[]): string =>
  outcomes.map(({ gate, reason }) => `${gate}: ${reason}`).join("; ");
