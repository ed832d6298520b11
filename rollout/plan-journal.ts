import type { Slot, Weights } from "./declaration";
import type { DecidingTest } from "./experiment/design";
import type { ExperimentProgress } from "./experiment/progress";
import type { GateOutcome } from "./outcome";
import type { Action } from "./record/entry";
import type { TrafficState } from "./traffic-state";

/** What a command does to a service's traffic, one thing after the other. */
export type Step =
  /** Configuration, cluster and record come to `to`. */
  | { readonly kind: "move"; readonly to: TrafficState; readonly action: Action; readonly title: string }
  /** The measuring gates are asked for so many seconds. */
  | { readonly kind: "watch"; readonly seconds: number; readonly title: string }
  /** Nothing is asked for so many seconds. */
  | { readonly kind: "wait"; readonly seconds: number; readonly title: string }
  /** The users of both arms are looked at until that decides; the measuring gates are asked meanwhile. */
  | {
      readonly kind: "experiment";
      /** The test as it was declared when the walk began. */
      readonly test: DecidingTest;
      /** The candidate's share of users in percent. */
      readonly share: number;
      readonly title: string;
    }
  /** A person's word is needed. */
  | { readonly kind: "approval"; readonly gate: string };

export type SwitchCommand = "rollout" | "promote" | "rollback" | "abort";

/** Why a walk stands still although it is not at its end. */
export interface Halt {
  readonly reason: "approval" | "inconclusive" | "interrupted" | "failed";
  readonly why: string;
}

/**
 * What a command is about to do, written down before each thing that it does. Whoever finds it after a crash knows what was
 * meant, what is surely done (every step before `cursor`) and what may be half done (step `cursor`).
 */
export interface Journal {
  /** Tells one command's journal from another's. */
  readonly id: string;
  readonly service: string;
  readonly command: SwitchCommand;
  readonly by: string;
  readonly why: string;
  /** RFC 3339. */
  readonly startedAt: string;
  /** As it was before the first step. */
  readonly origin: TrafficState;
  /** What the routes really sent then, which a command that was cut off may have left otherwise. */
  readonly found?: Weights;
  /** What `found` is, where it was recorded by nobody: another's move, from what was recorded last. */
  readonly unrecorded?: { readonly from: Weights; readonly to: Weights };
  readonly candidate: Slot;
  /** What each slot ran when this began, in a form that can be compared: another candidate is another rollout. */
  readonly contents: Readonly<Partial<Record<Slot, string>>>;
  readonly steps: readonly Step[];
  /** Index of the step that is being done, or comes next. */
  readonly cursor: number;
  /** RFC 3339: since when step `cursor` is being done. */
  readonly since: string;
  /** The last answers of the gates that were asked. */
  readonly gates: readonly GateOutcome[];
  /** Number of the record's last entry that this command knows of; 0 where there was none. */
  readonly sequence?: number;
  /** Where an A/B test stands, also after its decision. */
  readonly experiment?: ExperimentProgress;
  readonly halt?: Halt;
}

/** What a journal begins with. */
export type Beginning = Omit<Journal, "cursor" | "since" | "gates" | "experiment" | "halt"> & {
  /** @default 0 */
  readonly cursor?: number;
};

export function begin(beginning: Beginning): Journal {
  return { ...beginning, cursor: beginning.cursor ?? 0, since: beginning.startedAt, gates: [] };
}

export const currentStep = (journal: Journal): Step | undefined => journal.steps[journal.cursor];
export const isFinished = (journal: Journal): boolean => journal.cursor >= journal.steps.length;

/** Every entry of the record up to this one is known. */
export const caughtUp = (journal: Journal, sequence: number): Journal => ({ ...journal, sequence });

/** The step is done; what gates said about it stays until the next ones speak. */
export function advanced(journal: Journal, at: string): Journal {
  const { halt: _over, ...rest } = journal;
  return { ...rest, cursor: journal.cursor + 1, since: at };
}

export const halted = (journal: Journal, halt: Halt): Journal => ({ ...journal, halt });

/** Going on after a halt: the clock of a watch that was cut off starts anew. */
export function resumed(journal: Journal, at: string): Journal {
  const { halt: _over, ...rest } = journal;
  return { ...rest, since: at };
}

export const withGates = (journal: Journal, gates: readonly GateOutcome[]): Journal => ({
  ...journal,
  gates,
});

/** The same step again after another one, which comes first. */
export const withStepBefore = (journal: Journal, step: Step): Journal => ({
  ...journal,
  steps: [...journal.steps.slice(0, journal.cursor), step, ...journal.steps.slice(journal.cursor)],
});

/** The state that the steps before `cursor` have led to. */
export function stateBefore({ steps, cursor, origin }: Journal): TrafficState {
  for (let i = Math.min(cursor, steps.length) - 1; i >= 0; i--) {
    const step = steps[i];
    if (step?.kind === "move") return step.to;
  }
  return origin;
}

/** What requests got before the current step. */
export function weightsBefore(journal: Journal): Weights {
  const moved = journal.steps.slice(0, journal.cursor).some(({ kind }) => kind === "move");
  return moved ? stateBefore(journal).weights : (journal.found ?? journal.origin.weights);
}

/** The state that the current step leads to, where it moves anything. */
export function stateAfter(journal: Journal): TrafficState {
  const step = currentStep(journal);
  return step?.kind === "move" ? step.to : stateBefore(journal);
}
