import assert from "node:assert";
import { coversRange } from "../../../policies/model/cidr-cover";

describe("coversRange", () => {
  const cases: readonly [outer: string, inner: string, expected: boolean][] = [
    ["0.0.0.0/0", "0.0.0.0/0", true],
    ["0.0.0.0/0", "10.0.0.0/8", true],
    ["0.0.0.0/1", "0.0.0.0/0", false],
    ["128.0.0.0/1", "203.0.113.0/24", true],
    ["128.0.0.0/1", "10.0.0.0/8", false],
    ["::/0", "2001:db8::/32", true],
    ["::/0", "0.0.0.0/0", false],
    ["0.0.0.0/0", "::/0", false],
    ["10.0.0.0", "10.0.0.0/8", false],
    ["somewhere/8", "10.0.0.0/8", false],
    ["10.0.0.0/99", "10.0.0.0/99", false],
  ];
  for (const [outer, inner, expected] of cases)
    it(`${outer} ${expected ? "covers" : "does not cover"} ${inner}`, () =>
      assert.strictEqual(coversRange(outer, inner), expected));
});
