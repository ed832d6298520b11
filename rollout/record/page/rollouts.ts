import type { Action, RecordEntry } from "../entry";

/** Entries that belong together: from a rollout's start to its end, and what was tidied up after it. */
export type RolloutEntries = readonly RecordEntry[];

const ENDS: ReadonlySet<Action> = new Set(["promoted", "rolled-back", "aborted", "refused"]);
const FOLLOWS_AN_END: ReadonlySet<Action> = new Set(["scaled-down"]);

/** Splits a record into its rollouts, in order. */
export function rolloutsOf(entries: readonly RecordEntry[]): RolloutEntries[] {
  const rollouts: RecordEntry[][] = [];
  let ended = true;
  for (const entry of entries) {
    const begins = entry.action === "rollout-started" || (ended && !FOLLOWS_AN_END.has(entry.action));
    if (begins || rollouts.length === 0) {
      rollouts.push([]);
      ended = false;
    }
    rollouts.at(-1)!.push(entry);
    ended ||= ENDS.has(entry.action);
  }
  return rollouts;
}

/** The entry that says what became of a rollout: what was tidied up after its end is no outcome. */
export function outcomeOf(entries: RolloutEntries): RecordEntry {
  return [...entries].reverse().find(({ action }) => ENDS.has(action)) ?? entries.at(-1)!;
}
