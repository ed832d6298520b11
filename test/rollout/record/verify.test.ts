import assert from "node:assert/strict";
import * as fc from "fast-check";
import type { RecordEntry } from "../../../rollout/record/entry";
import { appendEntry, hashOf } from "../../../rollout/record/chain";
import { verifyRecord } from "../../../rollout/record/verify";
import { chainOf, KEY, OTHER_KEY, recordedSwitch } from "./support/record";

const WHOLE = chainOf(5);
const HEAD = WHOLE.at(-1)!.hash;
const replaced = (index: number, entry: RecordEntry) => WHOLE.map((old, i) => (i === index ? entry : old));

describe("verifyRecord", () => {
  it("accepts a whole record, with and without its head", () => {
    assert.deepEqual(verifyRecord(WHOLE, KEY.publicKey), { ok: true, entries: 5, beyondHead: 0 });
    assert.deepEqual(verifyRecord(WHOLE, KEY.publicKey, HEAD), { ok: true, entries: 5, beyondHead: 0 });
    assert.deepEqual(verifyRecord([], KEY.publicKey, ""), { ok: true, entries: 0, beyondHead: 0 });
  });

  it("counts what was added after the head was exported", () => {
    assert.deepEqual(verifyRecord(WHOLE, KEY.publicKey, WHOLE[2]!.hash), {
      ok: true,
      entries: 5,
      beyondHead: 2,
    });
  });

  const forged = { ...WHOLE[2]!, by: "mallory" };
  const rehashed = { ...forged, hash: hashOf(forged) };
  const inserted = appendEntry(WHOLE[1], recordedSwitch({ why: "never happened" }), KEY.privateKey);
  const cases: [string, readonly RecordEntry[], string][] = [
    [
      "an altered entry",
      replaced(2, forged),
      "Entry 3 was altered: its content does not have the hash that it states.",
    ],
    [
      "an altered entry with a new hash",
      replaced(2, rehashed),
      "Entry 3 is not signed with the key of this record.",
    ],
    [
      "an entry in place of another, signed with the right key",
      replaced(2, inserted),
      "Entry 4 does not follow entry 3 as it stands: an entry between or before them was replaced.",
    ],
    [
      "an inserted entry",
      [...WHOLE.slice(0, 3), inserted, ...WHOLE.slice(3)],
      "Entry 3 stands there twice: one of them was inserted.",
    ],
    [
      "a removed entry",
      [...WHOLE.slice(0, 2), ...WHOLE.slice(3)],
      "Entry 4 follows entry 2: what was between them was removed.",
    ],
    ["a removed beginning", WHOLE.slice(2), "The record begins with entry 3: what came before was removed."],
    [
      "a changed order",
      [WHOLE[0]!, WHOLE[1]!, WHOLE[2]!, WHOLE[1]!],
      "Entry 2 stands after entry 3: the order was changed.",
    ],
    [
      "a truncated record",
      WHOLE.slice(0, 3),
      `The record ends with entry 3 and does not have the exported head ${HEAD}: entries at its end were removed or replaced.`,
    ],
    [
      "an emptied record",
      [],
      `The record is empty and does not have the exported head ${HEAD}: entries at its end were removed or replaced.`,
    ],
  ];
  for (const [name, entries, problem] of cases) {
    it(`finds ${name}`, () => {
      assert.deepEqual(verifyRecord(entries, KEY.publicKey, HEAD), { ok: false, problem });
    });
  }

  it("finds an entry of another service in between", () => {
    const [other] = chainOf(1, () => ({ service: "ocr" }));
    const spliced = appendEntry({ ...other!, service: "fraud" }, recordedSwitch(), KEY.privateKey);
    assert.deepEqual(verifyRecord([other!, spliced], KEY.publicKey), {
      ok: false,
      problem: "Entry 2 is of another service than those before it.",
    });
  });

  it("finds the wrong key, and a key that is none", () => {
    assert.deepEqual(verifyRecord(WHOLE, OTHER_KEY.publicKey), {
      ok: false,
      problem: "Entry 1 is not signed with the key of this record.",
    });
    assert.deepEqual(verifyRecord(WHOLE, "not a key"), {
      ok: false,
      problem: "The key of the record must be an Ed25519 public key in PEM.",
    });
  });

  it("finds any change of any character of the stored JSON that leaves it readable", () => {
    const stored = JSON.stringify(WHOLE);
    const place = fc.nat(stored.length - 1);
    const letter = fc.constantFrom(..."0123456789abcdefXYZ");
    fc.assert(
      fc.property(place, letter, (at, by) => {
        fc.pre(stored[at] !== by);
        let entries: RecordEntry[];
        try {
          entries = JSON.parse(stored.slice(0, at) + by + stored.slice(at + 1)) as RecordEntry[];
        } catch {
          return;
        }
        if (JSON.stringify(entries.map(withoutPadding)) === JSON.stringify(WHOLE.map(withoutPadding))) return;
        assert.equal(verifyRecord(entries, KEY.publicKey, HEAD).ok, false);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

/** The last digit of a base64 text of 64 bytes has bits that mean nothing. */
function withoutPadding(entry: RecordEntry) {
  return { ...entry, signature: Buffer.from(String(entry.signature), "base64").toString("hex") };
}
