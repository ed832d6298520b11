import assert from "node:assert";
import { Field } from "../../../policies/model/field";
import { asNumber, asText, hasText, saysOff } from "../../../policies/model/scalars";
import { UNKNOWN, UnknownRead } from "../../../policies/model/unknown";

const bare: unknown = Object.create(null);

describe("asNumber", () => {
  for (const [value, expected] of [
    [22, 22],
    ["22", 22],
    [" ", NaN],
    ["many", NaN],
    [undefined, NaN],
    [true, NaN],
    [[7], NaN],
    [bare, NaN],
  ] as const) {
    it(`takes ${typeof value} ${JSON.stringify(value) ?? "nothing"} for ${expected}`, () =>
      assert.strictEqual(asNumber(new Field(value)), expected));
  }

  it("does not guess what is unknown", () => {
    assert.throws(() => asNumber(new Field(UNKNOWN, "port")), UnknownRead);
  });
});

describe("asText", () => {
  for (const [value, expected] of [
    ["tcp", "tcp"],
    [-1, "-1"],
    [true, "true"],
    [undefined, ""],
    [null, ""],
    [["tcp"], ""],
    [bare, ""],
  ] as const) {
    it(`takes ${typeof value} ${JSON.stringify(value) ?? "nothing"} for "${expected}"`, () =>
      assert.strictEqual(asText(new Field(value)), expected));
  }
});

describe("hasText", () => {
  it("takes an empty text, and what is none, for nothing", () => {
    assert.deepStrictEqual(
      ["arn", " ", "", undefined, null, true, 7, ["arn"]].map((value) => hasText(new Field(value))),
      [true, true, false, false, false, false, false, false],
    );
  });
});

describe("saysOff", () => {
  it("takes what providers read as false for off, and nothing else", () => {
    assert.deepStrictEqual(
      [false, "false", "False", "f", "0", 0].map((value) => saysOff(new Field(value))),
      [true, true, true, true, true, true],
    );
    assert.deepStrictEqual(
      [true, "true", "1", "", "no", undefined, null, [false]].map((value) => saysOff(new Field(value))),
      [false, false, false, false, false, false, false, false],
    );
  });

  it("does not guess what is unknown", () => {
    assert.throws(() => saysOff(new Field(UNKNOWN, "enabled")), UnknownRead);
  });
});
