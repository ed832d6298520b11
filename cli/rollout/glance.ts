import { contentFrom } from "../../rollout/content";
import { SLOTS } from "../../rollout/declaration";
import { NO_MOVE, type Action, type RecordEntry } from "../../rollout/record/entry";
import { readEntry } from "../../rollout/record/read-entry";
import { ENTRY_KEY, entryKey, pagesOf } from "../../rollout/record/storage";
import type { LastSwitch, RecordedMove } from "../../rollout/situation";
import type { ClusterObject } from "./kubernetes";
import { pageIn } from "./record-store";

/** What the end of a record tells: as much as a decision rests on. */
export interface RecordGlance {
  /** Hash of the last entry; empty where there is none. */
  readonly head: string;
  readonly lastSwitch?: LastSwitch;
  readonly lastMove?: RecordedMove;
  /** Number of the entry whose hash was asked for. */
  readonly known?: number;
  /** A sentence for each thing that stands there and counts for nothing. */
  readonly problems: readonly string[];
}

export interface RecordPlaceKnown {
  readonly service: string;
  /** Name of its first ConfigMap. */
  readonly record: string;
  /** PEM; without it signatures are not looked at. */
  readonly publicKey?: string | undefined;
  /** Hash of an entry whose number is wanted. */
  readonly hash?: string | undefined;
}

const ENDS: readonly Action[] = ["promoted", "rolled-back"];
/** More are counted, not told. */
const MOST_PROBLEMS = 3;

/**
 * Reads a record from its end on, as far as is needed. An entry that the key did not sign, or that the one after it does not follow,
 * counts for nothing: whoever may write ConfigMaps could otherwise say where traffic goes.
 */
export function glanceAt(
  { service, record, publicKey, hash }: RecordPlaceKnown,
  maps: readonly ClusterObject[],
): RecordGlance {
  // Canonical JSON is loaded where there is an entry to check, and not by everything that names this module.
  const { forgeryOf, recordKey } =
    require("../../rollout/record/genuine") as typeof import("../../rollout/record/genuine");
  const key = publicKey === undefined ? undefined : recordKey(publicKey);
  let [newer, head, lastSwitch, lastMove, known]: [
    RecordEntry?,
    string?,
    LastSwitch?,
    RecordedMove?,
    number?,
  ] = [];
  const problems: string[] = [];
  const stored = newestFirst(record, maps);
  if (key === undefined && stored.length > 0)
    problems.push("the key that verifies it is not at hand, so its signatures count unseen");
  for (const [i, [at, text]] of stored.entries()) {
    const read = readEntry(text);
    const problem =
      "problem" in read
        ? read.problem
        : (forgeryOf(read.entry, service, key) ??
          misplaced(at, read.entry, newer) ??
          // A gap below the last entry: with a signature it is another's loss, without one it may be an invention.
          (key === undefined && newer === undefined ? unchained(read.entry, stored[i + 1]?.[1]) : undefined));
    if ("problem" in read || problem !== undefined) {
      problems.push(`what stands at ${at} ${problem}, and counts for nothing`);
      continue;
    }
    const { entry } = read;
    newer = entry;
    head ??= entry.hash;
    if (entry.hash === hash) known = entry.sequence;
    if (!NO_MOVE.includes(entry.action)) lastMove ??= { ...entry, mirror: entry.mirror ?? 0 };
    if (ENDS.includes(entry.action)) lastSwitch ??= switchIn(entry);
    if (lastSwitch && (known !== undefined || hash === undefined)) break;
  }
  if (hash !== undefined && hash !== "" && known === undefined)
    problems.push(
      `the entry that was noted last here (${hash}) is not there: its end was removed or replaced`,
    );
  return {
    head: head ?? "",
    ...(lastSwitch && { lastSwitch }),
    ...(lastMove && { lastMove }),
    ...(known !== undefined && { known }),
    problems: told(problems),
  };
}

/** Data keys and entries of the record's own ConfigMaps, which are those up to the first gap. */
function newestFirst(record: string, maps: readonly ClusterObject[]): [string, string][] {
  return pagesOf(record, maps.map(pageIn))
    .flatMap(({ data }) => Object.entries(data))
    .filter(([at]) => ENTRY_KEY.test(at))
    .sort(([a], [b]) => Number(b) - Number(a));
}

/** @param newer the entry that was found to follow it */
function misplaced(at: string, entry: RecordEntry, newer: RecordEntry | undefined): string | undefined {
  if (entryKey(entry.sequence) !== at) return `is entry ${entry.sequence}`;
  if (newer === undefined || entry.sequence < newer.sequence - 1) return undefined;
  if (entry.sequence === newer.sequence) return "stands there twice";
  return entry.hash === newer.previous ? undefined : `is not what entry ${newer.sequence} follows`;
}

function unchained({ sequence, previous }: RecordEntry, older: string | undefined): string | undefined {
  const before = older === undefined ? undefined : readEntry(older);
  const isChained =
    before === undefined ? sequence === 1 : "entry" in before && before.entry.hash === previous;
  return isChained ? undefined : "follows no entry that is there";
}

function told(problems: readonly string[]): readonly string[] {
  const rest = problems.length - MOST_PROBLEMS;
  return rest > 0
    ? [...problems.slice(0, MOST_PROBLEMS), `${rest} more entries count for nothing`]
    : problems;
}

function switchIn({ action, live, digests, models }: RecordEntry): LastSwitch {
  const contents = Object.fromEntries(
    SLOTS.map((slot) => [slot, contentFrom(digests[slot], models?.[slot])]),
  );
  return { action, live, contents };
}
