import type { KeyObject } from "node:crypto";
import type { RecordEntry } from "./entry";
import { forgeryOf, recordKey } from "./genuine";

/** `beyondHead` counts entries that were added after the head had been exported: switches since the last update. */
export type Verification =
  | { readonly ok: true; readonly entries: number; readonly beyondHead: number }
  | { readonly ok: false; readonly problem: string };

const failed = (problem: string): Verification => ({ ok: false, problem });

/**
 * Whether a record is whole: every entry unaltered, signed with this key, in its place, none missing.
 * @param entries from the first on, in the order in which they are stored
 * @param publicKeyPem SPKI, Ed25519
 * @param head hash of an entry that was exported (the stack's output); without it, entries cut off the end go unnoticed
 */
export function verifyRecord(
  entries: readonly RecordEntry[],
  publicKeyPem: string,
  head?: string,
): Verification {
  const key = recordKey(publicKeyPem);
  if (key === undefined) return failed("The key of the record must be an Ed25519 public key in PEM.");
  for (const [i, entry] of entries.entries()) {
    const problem = problemAt(entry, entries[i - 1], key);
    if (problem !== undefined) return failed(problem);
  }
  return againstHead(entries, head);
}

function problemAt(entry: RecordEntry, before: RecordEntry | undefined, key: KeyObject): string | undefined {
  const place = (before?.sequence ?? 0) + 1;
  if (entry.sequence !== place) return misplaced(entry.sequence, before?.sequence);
  const at = `Entry ${place}`;
  const forgery = forgeryOf(entry, entry.service, key);
  if (forgery !== undefined) return `${at} ${forgery}.`;
  if (entry.previous !== (before?.hash ?? "")) {
    return before === undefined
      ? `${at} follows an entry that is not there: the record's beginning was removed.`
      : `${at} does not follow entry ${before.sequence} as it stands: an entry between or before them was replaced.`;
  }
  if (before !== undefined && entry.service !== before.service) {
    return `${at} is of another service than those before it.`;
  }
  return undefined;
}

function misplaced(sequence: number, before: number | undefined): string {
  if (before === undefined) return `The record begins with entry ${sequence}: what came before was removed.`;
  if (sequence === before) return `Entry ${sequence} stands there twice: one of them was inserted.`;
  if (sequence > before)
    return `Entry ${sequence} follows entry ${before}: what was between them was removed.`;
  return `Entry ${sequence} stands after entry ${before}: the order was changed.`;
}

function againstHead(entries: readonly RecordEntry[], head: string | undefined): Verification {
  if (head === undefined || head === "") return { ok: true, entries: entries.length, beyondHead: 0 };
  const at = entries.findIndex(({ hash }) => hash === head);
  if (at >= 0) return { ok: true, entries: entries.length, beyondHead: entries.length - 1 - at };
  const last = entries.at(-1);
  const end = last === undefined ? "is empty" : `ends with entry ${last.sequence}`;
  return failed(
    `The record ${end} and does not have the exported head ${head}: entries at its end were removed or replaced.`,
  );
}
