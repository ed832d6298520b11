import type { Progress } from "../../toolchain/progress";
import { observe, type Observation } from "./observe";
import type { JournalFile } from "./journal-file";
import type { KnownRollout } from "./known-rollout";
import type { TrafficCluster } from "./kubernetes";
import type { RolloutOutputs, TrafficEngine } from "./engine";
import type { TrafficStore } from "./traffic-store";

/** Time, so that tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Ends early, without an error, where the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Everything that a command switches one service's traffic with. */
export interface Desk {
  readonly profile: string;
  /** Who asks. */
  readonly by: string;
  rollout: KnownRollout;
  readonly cluster: TrafficCluster;
  readonly store: TrafficStore;
  readonly journal: JournalFile;
  readonly clock: Clock;
  /** Loads the engine: costs a second, and is asked for only after what is urgent. */
  engine(): TrafficEngine;
  /** PEM of the key that verifies records, where it is at hand without the engine. */
  publicKey(): string | undefined;
  /** The key that signs records, where it is at hand without the engine. */
  signingKey(): string | undefined;
  /** Keeps what an update said for later commands. */
  keep(outputs: RolloutOutputs): void;
  /** Tells the person who waits. */
  readonly progress: Progress;
  /**
   * Runs while no other command changes this machine's stacks.
   * @param meanwhile done again and again while another one does
   */
  exclusively<T>(
    name: string,
    work: () => Promise<T>,
    waitMs?: number,
    meanwhile?: () => Promise<unknown>,
  ): Promise<T>;
}

export const at = (desk: Pick<Desk, "clock">): string => new Date(desk.clock.now()).toISOString();

/** What is so now: in the configuration, in the cluster, in the journal. */
export function look(desk: Desk): Promise<Observation> {
  const configured = desk.store.read()[desk.rollout.name];
  const journal = desk.journal.read();
  return observe(desk.cluster, desk.rollout, {
    ...(configured ? { configured, recordHead: desk.store.headOf(desk.rollout.name) } : {}),
    ...(journal ? { journal } : {}),
    publicKey: desk.publicKey(),
  });
}

/** As `look`, and says what of the record does not count: for a command that begins. */
export async function lookAndTell(desk: Desk): Promise<Observation> {
  const seen = await look(desk);
  for (const problem of seen.recordProblems) desk.progress.note(`The record: ${problem}.`);
  return seen;
}

/** Timers of the platform. */
export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal?.addEventListener("abort", end);
    }),
};
