import assert from "node:assert/strict";
import { float16Bits, float16Value } from "../../../runtime/dataplane/float16";

describe("float16", () => {
  it("gives back every finite half-precision number", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = float16Value(bits);
      if (Number.isNaN(value)) continue;
      assert.equal(float16Bits(value), bits, `bits ${bits}`);
    }
  });

  const cases: [number, number][] = [
    [1 + 2 ** -11, 0x3c00], // halfway: to the even neighbour below
    [1 + 3 * 2 ** -11, 0x3c02], // halfway: to the even neighbour above
    [65504, 0x7bff],
    [65520, 0x7c00],
    [2 ** -25, 0x0000],
    [2 ** -24, 0x0001],
    [-Infinity, 0xfc00],
  ];
  for (const [value, bits] of cases) {
    it(`rounds ${value} to 0x${bits.toString(16)}`, () => assert.equal(float16Bits(value), bits));
  }

  it("keeps NaN", () => assert.ok(Number.isNaN(float16Value(float16Bits(NaN)))));
});
