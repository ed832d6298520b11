import assert from "node:assert";
import { Field } from "../../../policies/model/field";
import { asNumber, asText } from "../../../policies/model/scalars";
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
