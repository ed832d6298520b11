import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import type { RecordedSwitch } from "../../../rollout/record/entry";
import { appendEntry, hashOf } from "../../../rollout/record/chain";
import { chainOf, KEY, recordedSwitch, rsaKey } from "./support/record";

describe("appendEntry", () => {
  it("begins a record with entry 1, which follows nothing", () => {
    const entry = appendEntry(undefined, recordedSwitch(), KEY.privateKey);
    assert.equal(entry.sequence, 1);
    assert.equal(entry.previous, "");
    assert.equal(entry.by, "alice@example.com");
  });

  it("chains the next entry to the one before", () => {
    const [first, second] = chainOf(2);
    assert.equal(second!.sequence, 2);
    assert.equal(second!.previous, first!.hash);
  });

  it("hashes the canonical JSON: members in order of their names, no white space", () => {
    const entry = appendEntry(undefined, recordedSwitch({ gates: [] }), KEY.privateKey);
    const canonical =
      `{"action":"step","at":"2026-01-31T09:00:00.000Z","by":"alice@example.com",` +
      `"digests":{"blue":"sha256:${"a".repeat(64)}","green":"sha256:${"b".repeat(64)}"},` +
      `"from":{"blue":100,"green":0},"gates":[],"live":"blue","previous":"","sequence":1,"service":"fraud",` +
      `"to":{"blue":90,"green":10},"why":"gates passed"}`;
    assert.equal(entry.hash, `sha256:${createHash("sha256").update(canonical).digest("hex")}`);
  });

  it("signs the hash so that the public key alone verifies it", () => {
    const entry = appendEntry(undefined, recordedSwitch(), KEY.privateKey);
    const signature = Buffer.from(entry.signature, "base64");
    assert.ok(verify(null, Buffer.from(entry.hash), createPublicKey(KEY.publicKey), signature));
  });

  it("gives the same hash whatever the order of the fields", () => {
    const entry = appendEntry(undefined, recordedSwitch(), KEY.privateKey);
    const turned = Object.fromEntries(Object.entries(entry).reverse()) as unknown as typeof entry;
    assert.equal(hashOf(turned), entry.hash);
  });

  it("stores nothing that the caller's object has beside the fields of a switch", () => {
    const what = { ...recordedSwitch(), password: "hunter2" };
    assert.ok(!("password" in appendEntry(undefined, what, KEY.privateKey)));
  });

  it("keeps each slot's models, but no list that would fill the object", () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => `ocr/${i}@${"a".repeat(64)}`);
    const kept = (blue: number, green: number) =>
      appendEntry(
        undefined,
        recordedSwitch({ models: { blue: many(blue), green: many(green) } }),
        KEY.privateKey,
      ).models;
    assert.deepEqual(kept(1, 200), { blue: many(1), green: many(200) });
    assert.deepEqual(kept(2, 201), { blue: many(2) });
    assert.equal(kept(0, 201), undefined);
  });

  it("makes names and reasons plain: no control characters, one line, bounded", () => {
    const entry = appendEntry(
      undefined,
      recordedSwitch({ by: "eve\u001b[2J\u202egnp", why: `a\r\n  b ${"x".repeat(2100)}\ud800` }),
      KEY.privateKey,
    );
    assert.equal(entry.by, "eve\\u001b[2J\\u202egnp");
    assert.equal(entry.why, `a b ${"x".repeat(1996)}… (105 more characters)`);
  });

  const refused: [string, Partial<RecordedSwitch>, string][] = [
    ["an empty service", { service: "" }, "`service`: must be the name of the rollout"],
    ["a nameless author", { by: " \n " }, "`by`: must say who asked for it"],
    [
      "a local time",
      { at: "2026-01-31T09:00:00+01:00" },
      '`at`: "2026-01-31T09:00:00+01:00" must be a time in UTC like "2026-01-31T09:00:00.000Z"',
    ],
    [
      "a day that does not exist",
      { at: "2026-02-30T09:00:00.000Z" },
      '`at`: "2026-02-30T09:00:00.000Z" must be a time in UTC like "2026-01-31T09:00:00.000Z"',
    ],
    ["weights that do not sum", { to: { blue: 90, green: 11 } }, "`to`: blue 90, green 11 must sum to 100"],
    [
      "half percentages",
      { from: { blue: 99.5, green: 0.5 } },
      "`from`: blue 99.5, green 0.5 must be whole percentages from 0 to 100",
    ],
    [
      "a tag instead of a digest",
      { digests: { blue: "latest" } },
      '`digests.blue`: "latest" must be sha256: and 64 hexadecimal digits',
    ],
    [
      "an unknown action",
      { action: "deleted" as "step" },
      '`action`: "deleted" must be one of: rollout-started, step, promoted, rolled-back, aborted, refused, scaled-down, observed',
    ],
    [
      "a gate without a finite value",
      { gates: [{ gate: "p99", verdict: "inconclusive", value: NaN, reason: "" }] },
      "gate `p99`: NaN cannot be recorded; a measurement without a finite value is null",
    ],
  ];
  for (const [name, change, problem] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => appendEntry(undefined, recordedSwitch(change), KEY.privateKey), {
        message: `Cannot record the switch: ${problem}`,
      });
    });
  }

  it("refuses the entry of another service", () => {
    const [first] = chainOf(1);
    assert.throws(() => appendEntry(first, recordedSwitch({ service: "ocr" }), KEY.privateKey), {
      message: 'Cannot record the switch: `service`: "ocr" must be "fraud", whose record it is',
    });
  });

  it("refuses keys that are not Ed25519", () => {
    assert.throws(() => appendEntry(undefined, recordedSwitch(), "secret"), {
      message: "Cannot record the switch: the signing key must be a private key in PKCS#8 PEM",
    });
    assert.throws(() => appendEntry(undefined, recordedSwitch(), rsaKey().privateKey), {
      message: "Cannot record the switch: the signing key must be Ed25519, not rsa",
    });
  });
});
