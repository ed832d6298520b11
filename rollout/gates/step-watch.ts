import type { MeasuringGate } from "../declaration";
import { GATE_DEFAULTS } from "../defaults";
import type { GateOutcome } from "../outcome";

/** Where a step stands. */
export type StepStatus =
  | {
      readonly state: "watching";
      /** Milliseconds since 1970 when it is worth looking again. */
      readonly nextAt: number;
    }
  | { readonly state: "passed" }
  /** `failed`: too many bad measurements. `inconclusive`: too many that said nothing. */
  | { readonly state: "failed" | "inconclusive"; readonly outcome: GateOutcome; readonly reason: string };

/** An answer of a gate, and when it came. */
export interface TimedOutcome extends GateOutcome {
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface Watched {
  readonly gate: MeasuringGate;
  nextAt: number;
  readonly failed: GateOutcome[];
  readonly inconclusive: GateOutcome[];
  last: GateOutcome | undefined;
  /** Milliseconds since 1970. */
  lastAt: number;
}

/**
 * Watches one step of a rollout. It has no clock of its own: whoever walks the steps says what time it is, asks the gates that are
 * due and hands their outcomes in.
 *
 * A step passes when its interval is over and the last word of every gate was "passed". Where it was not, but the limits allow for it,
 * the step goes on until the gate passes or a limit is exceeded: neither silence nor a bad number ever moves traffic on. Nor does a
 * word from before a gap, as of a machine that slept or whose clock was set: who has not been asked for two turns is asked once more.
 */
export class StepWatch {
  private readonly watched: readonly Watched[];
  private readonly history: TimedOutcome[] = [];
  private readonly endsAt: number;

  /**
   * @param interval seconds that the step takes at least
   * @param startedAt milliseconds since 1970 when its weights took effect
   */
  constructor(gates: readonly MeasuringGate[], interval: number, startedAt: number) {
    this.endsAt = startedAt + interval * 1000;
    this.watched = gates.map((gate) => ({
      gate,
      nextAt: startedAt + (gate.initialDelay ?? GATE_DEFAULTS.initialDelay) * 1000,
      failed: [],
      inconclusive: [],
      last: undefined,
      lastAt: startedAt,
    }));
  }

  /** Every outcome so far, the oldest first. */
  get outcomes(): readonly TimedOutcome[] {
    return this.history;
  }

  /** The last word of each gate that has spoken. */
  get latest(): readonly GateOutcome[] {
    return this.watched.flatMap(({ last }) => last ?? []);
  }

  /** The gates to ask now. They are not due again for `every` seconds, however long the answer takes. */
  takeDue(now: number): readonly MeasuringGate[] {
    if (this.status(now).state !== "watching") return [];
    const due = this.watched.filter(({ nextAt }) => nextAt <= now);
    for (const each of due) each.nextAt = now + (each.gate.every ?? GATE_DEFAULTS.every) * 1000;
    return due.map(({ gate }) => gate);
  }

  /** @throws Error where no gate of that name is watched */
  record(outcome: GateOutcome, now: number): void {
    const watched = this.watched.find(({ gate }) => gate.name === outcome.gate);
    if (!watched) throw new Error(`No gate "${outcome.gate}" is watched in this step.`);
    this.history.push({ ...outcome, at: now });
    watched.last = outcome;
    watched.lastAt = now;
    if (outcome.verdict === "failed") watched.failed.push(outcome);
    if (outcome.verdict === "inconclusive") watched.inconclusive.push(outcome);
  }

  status(now: number): StepStatus {
    for (const { gate, failed } of this.watched) {
      const limit = gate.failureLimit ?? GATE_DEFAULTS.failureLimit;
      if (failed.length > limit) return ended("failed", failed, limit, "bad");
    }
    for (const { gate, inconclusive } of this.watched) {
      const limit = gate.inconclusiveLimit ?? GATE_DEFAULTS.inconclusiveLimit;
      if (inconclusive.length > limit) return ended("inconclusive", inconclusive, limit, "without a result");
    }
    const isOver = now >= this.endsAt;
    if (isOver && this.watched.every((each) => each.last?.verdict === "passed" && !isOld(each, now)))
      return { state: "passed" };
    const moments = this.watched.map(({ nextAt }) => nextAt);
    return { state: "watching", nextAt: Math.min(...moments, ...(isOver ? [] : [this.endsAt])) };
  }
}

const isOld = ({ gate, lastAt }: Watched, now: number): boolean =>
  now - lastAt > 2 * (gate.every ?? GATE_DEFAULTS.every) * 1000;

function ended(
  state: "failed" | "inconclusive",
  outcomes: readonly GateOutcome[],
  limit: number,
  how: string,
): StepStatus {
  const outcome = outcomes[outcomes.length - 1]!;
  const allowed = limit === 0 ? "" : ` (${outcomes.length} times ${how}, ${limit} allowed)`;
  return { state, outcome, reason: `gate "${outcome.gate}": ${outcome.reason}${allowed}` };
}
