import assert from "node:assert/strict";
import * as fc from "fast-check";
import { problemOf } from "../../../rollout/record/check-switch";
import { appendEntry } from "../../../rollout/record/chain";
import type { RecordEntry } from "../../../rollout/record/entry";
import {
  entryKey,
  exportRecord,
  PAGE_BYTES,
  pagesOf,
  parseExport,
  placeEntry,
  readRecord,
  type RecordPage,
} from "../../../rollout/record/storage";
import { verifyRecord } from "../../../rollout/record/verify";
import { chainOf, KEY, recordedSwitch } from "./support/record";

/** What a cluster holds after these entries were written one by one. */
function written(entries: readonly RecordEntry[]): RecordPage[] {
  const pages: { name: string; data: Record<string, string> }[] = [
    { name: "fraud-rollout-record", data: {} },
  ];
  for (const entry of entries) {
    const { name, create, key, value } = placeEntry("fraud-rollout-record", pages, entry);
    if (create) pages.push({ name, data: {} });
    pages.find((page) => page.name === name)!.data[key] = value;
  }
  return pages;
}

describe("placeEntry", () => {
  it("writes into the ConfigMap of the component under the entry's number", () => {
    const [entry] = chainOf(1);
    assert.deepEqual(placeEntry("r", [{ name: "r", data: {} }], entry!), {
      name: "r",
      create: false,
      key: "000001",
      value: JSON.stringify(entry),
    });
  });

  it("creates the ConfigMap where it is not there", () => {
    assert.equal(placeEntry("r", [], chainOf(1)[0]!).create, true);
  });

  it("goes on in a further ConfigMap when one is full, and none exceeds its bound", () => {
    const reason = "ß".repeat(500);
    const gates = Array.from({ length: 50 }, (_, i) => ({
      gate: `g${i}`,
      verdict: "passed" as const,
      value: i,
      reason,
    }));
    const entries = chainOf(30, () => ({ gates, why: "y".repeat(2000) }));
    const pages = written(entries);
    assert.deepEqual(
      pages.map(({ name }) => name),
      ["fraud-rollout-record", "fraud-rollout-record-2", "fraud-rollout-record-3"],
    );
    for (const { data } of pages) {
      assert.ok(Buffer.byteLength(Object.entries(data).flat().join("")) <= PAGE_BYTES);
    }
    const read = readRecord(pagesOf("fraud-rollout-record", [...pages].reverse()));
    assert.ok(read.ok);
    assert.deepEqual(verifyRecord(read.entries, KEY.publicKey, entries.at(-1)!.hash), {
      ok: true,
      entries: 30,
      beyondHead: 0,
    });
  });

  it("has room for the largest entry that can be recorded", () => {
    const wide = "\u{1f600}".repeat(3000);
    const gates = Array.from({ length: 50 }, () => ({
      gate: wide,
      verdict: "failed" as const,
      value: 1e-300,
      reason: wide,
    }));
    const what = recordedSwitch({ by: wide, why: wide, gates });
    assert.equal(problemOf(what), undefined);
    const entry = appendEntry(undefined, what, KEY.privateKey);
    assert.ok(Buffer.byteLength(JSON.stringify(entry)) < PAGE_BYTES / 4);
  });
});

describe("pagesOf", () => {
  it("takes the record's ConfigMaps alone, up to the first gap", () => {
    const maps = ["r-2", "other", "r", "r-4", "r-x"].map((name) => ({ name, data: {} }));
    assert.deepEqual(
      pagesOf("r", maps).map(({ name }) => name),
      ["r", "r-2"],
    );
  });
});

describe("readRecord", () => {
  const entries = chainOf(2);
  const data = written(entries)[0]!.data;
  const page = (change: Record<string, string>) => [{ name: "r", data: { ...data, ...change } }];

  it("gives the entries in order, whatever the order of the keys", () => {
    const turned = Object.fromEntries(Object.entries(data).reverse());
    assert.deepEqual(readRecord([{ name: "r", data: turned }]), { ok: true, entries });
  });

  it("keeps fields that a later version wrote, which the hash covers", () => {
    const later = { ...entries[0]!, ticket: "CHG-1" };
    const read = readRecord([{ name: "r", data: { [entryKey(1)]: JSON.stringify(later) } }]);
    assert.ok(read.ok);
    assert.deepEqual(read.entries[0], later);
  });

  const bad: [string, Record<string, string>, string][] = [
    ["foreign keys", { notes: "x" }, "ConfigMap `r`: data key `notes` is not an entry's."],
    ["text that is not JSON", { "000003": "{" }, "ConfigMap `r`: data key `000003` is not JSON."],
    ["a list", { "000003": "[]" }, "ConfigMap `r`: data key `000003` is not an entry."],
    [
      "an entry without a field",
      { "000002": JSON.stringify({ ...entries[1], by: undefined }) },
      "ConfigMap `r`: data key `000002` has no usable `by`.",
    ],
    [
      "an entry under another's number",
      { "000003": JSON.stringify(entries[1]) },
      "ConfigMap `r`: data key `000003` holds entry 2: entries were moved.",
    ],
  ];
  for (const [name, change, problem] of bad) {
    it(`tells of ${name}`, () => assert.deepEqual(readRecord(page(change)), { ok: false, problem }));
  }
});

describe("exportRecord", () => {
  it("gives one entry per line, and reads them back as they were, hostile texts included", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (why) => {
        const entries = chainOf(2, () => ({ why }));
        const text = exportRecord(entries);
        assert.equal(text.split("\n").length, 3);
        assert.deepEqual(parseExport(text), { ok: true, entries });
        assert.ok(verifyRecord(entries, KEY.publicKey).ok);
      }),
      { numRuns: 15, seed: 3 },
    );
  });

  it("tells which line cannot be read", () => {
    assert.deepEqual(parseExport(`${exportRecord(chainOf(1))}nonsense\n`), {
      ok: false,
      problem: "Line 2 is not JSON.",
    });
  });
});
