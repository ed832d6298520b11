import type { RecordEntry } from "./entry";
import { readEntry } from "./read-entry";

/**
 * A ConfigMap of a record: the first one is the component's; those that follow, once it is full, are `NAME-2`, `NAME-3`, …
 * Nothing is ever deleted.
 */
export interface RecordPage {
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
  /** Takes no more entries, whether or not there is room: the record goes on in the next one. @default false */
  readonly isSealed?: boolean;
}

/**
 * Bytes of keys and values up to which a ConfigMap takes entries. Kubernetes refuses more than 1 MiB of data; the rest is for
 * metadata, whose managedFields name every key (about 40 bytes each).
 */
export const PAGE_BYTES = 768 * 1024;

/** What an entry is stored under. */
export const ENTRY_KEY = /^\d{6,}$/;
const bytesOf = (text: string) => Buffer.byteLength(text, "utf8");

/** Data key of an entry: `000001`, `000002`, … */
export const entryKey = (sequence: number): string => String(sequence).padStart(6, "0");

/** Name of the ConfigMap with that number, from 1 on. */
export const pageName = (record: string, page: number): string => (page === 1 ? record : `${record}-${page}`);

/** Where an entry is to be written. `create`: the ConfigMap is not there yet. */
export interface Placement {
  readonly name: string;
  readonly create: boolean;
  readonly key: string;
  readonly value: string;
}

const sizeOf = ({ data }: RecordPage) =>
  Object.entries(data).reduce((bytes, [key, value]) => bytes + bytesOf(key) + bytesOf(value), 0);

/**
 * Where the next entry goes: into the last ConfigMap while it has room and was not sealed, else into a further one.
 * @param record name of the first ConfigMap
 * @param pages those that exist, by number
 */
export function placeEntry(record: string, pages: readonly RecordPage[], entry: RecordEntry): Placement {
  const key = entryKey(entry.sequence);
  const value = JSON.stringify(entry);
  const last = pages.at(-1);
  if (last === undefined) return { name: record, create: true, key, value };
  const fits = !last.isSealed && sizeOf(last) + bytesOf(key) + bytesOf(value) <= PAGE_BYTES;
  return fits
    ? { name: last.name, create: false, key, value }
    : { name: pageName(record, pages.length + 1), create: true, key, value };
}

/** The pages of a record among the ConfigMaps of a namespace, by number; what else there is stays out. */
export function pagesOf(record: string, configMaps: readonly RecordPage[]): RecordPage[] {
  const byName = new Map(configMaps.map((page) => [page.name, page]));
  const pages: RecordPage[] = [];
  for (let page = byName.get(record); page; page = byName.get(pageName(record, pages.length + 1))) {
    pages.push(page);
  }
  return pages;
}

export type StoredRecord =
  | { readonly ok: true; readonly entries: readonly RecordEntry[] }
  | { readonly ok: false; readonly problem: string };

/**
 * Reads a record from its pages in the order of the data keys. An entry under a key that is not its number, or that cannot be
 * read, is a problem: somebody else has written there.
 */
export function readRecord(pages: readonly RecordPage[]): StoredRecord {
  const entries: RecordEntry[] = [];
  for (const { name, data } of pages) {
    for (const key of Object.keys(data).sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
      const at = `ConfigMap \`${name}\`: data key \`${key}\``;
      if (!ENTRY_KEY.test(key)) return { ok: false, problem: `${at} is not an entry's.` };
      const read = readEntry(data[key]!);
      if ("problem" in read) return { ok: false, problem: `${at} ${read.problem}.` };
      if (entryKey(read.entry.sequence) !== key) {
        return { ok: false, problem: `${at} holds entry ${read.entry.sequence}: entries were moved.` };
      }
      entries.push(read.entry);
    }
  }
  return { ok: true, entries };
}

/** A record as a file for an archive: one entry per line (JSON Lines), as `parseExport` and any JSON tool read it. */
export const exportRecord = (entries: readonly RecordEntry[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");

/** Reads an exported record. */
export function parseExport(text: string): StoredRecord {
  const entries: RecordEntry[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const read = readEntry(line);
    if ("problem" in read) return { ok: false, problem: `Line ${i + 1} ${read.problem}.` };
    entries.push(read.entry);
  }
  return { ok: true, entries };
}
