/** What a gate said. `inconclusive` is never taken for a pass. */
export type Verdict = "passed" | "failed" | "inconclusive";

/** One gate's answer, with the number that it rests on. */
export interface GateOutcome {
  readonly gate: string;
  readonly verdict: Verdict;
  /** What was measured; null where there was nothing to measure. */
  readonly value: number | null;
  /** The bounds that it was held against, in the unit of `value`; those that the gate has. Charts of the record draw them. */
  readonly min?: number;
  readonly max?: number;
  /** A sentence with value and bound, as in "p99 is 0.31 s, more than 0.25 s". */
  readonly reason: string;
}
