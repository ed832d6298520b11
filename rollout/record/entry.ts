import type { Slot, Weights } from "../declaration";
import type { GateOutcome } from "../outcome";

/** What happened to a service's traffic. `refused` is what a gate did not let happen, `observed` notes a change that no entry explains. */
export const ACTIONS = [
  "rollout-started",
  "step",
  "promoted",
  "rolled-back",
  "aborted",
  "refused",
  "scaled-down",
  "observed",
] as const;
export type Action = (typeof ACTIONS)[number];

/** Entries after which the traffic is where it was before. */
export const NO_MOVE: readonly Action[] = ["refused", "observed"];

/** One switch of a service's traffic: who, when, what, why. */
export interface RecordedSwitch {
  readonly service: string;
  /** RFC 3339 in UTC, milliseconds. */
  readonly at: string;
  /** Who asked for it: a person or a CI job. */
  readonly by: string;
  readonly action: Action;
  /** In words: the person's own, or the gate's. */
  readonly why: string;
  readonly live: Slot;
  readonly from: Weights;
  readonly to: Weights;
  /** Percent of requests that were copied to the other slot from then on; left out where none were. */
  readonly mirror?: number;
  /** Image digest of each slot that was filled. */
  readonly digests: Readonly<Partial<Record<Slot, string>>>;
  /** What each slot served, as `name/version@sha256` of the file; left out where that was not known or is over 200 models. */
  readonly models?: Readonly<Partial<Record<Slot, readonly string[]>>>;
  readonly gates: readonly GateOutcome[];
}

/** An entry of the record as it is stored: chained by hash, signed. */
export interface RecordEntry extends RecordedSwitch {
  /** From 1 on, without gaps. */
  readonly sequence: number;
  /** Hash of the entry before; empty for the first. */
  readonly previous: string;
  /** `sha256:` of the canonical JSON (RFC 8785) of everything above. */
  readonly hash: string;
  /** Ed25519 over the hash, base64. */
  readonly signature: string;
}
