import assert from "node:assert/strict";
import fc from "fast-check";
import { MOST_FLOAT_BYTES, printFloat32 } from "../../../runtime/rest/print/print-float32";

const out = Buffer.alloc(64);

function print(value: number): string {
  const end = printFloat32(Math.fround(value), out, 1);
  assert.ok(end - 1 <= MOST_FLOAT_BYTES, `${end - 1} bytes for ${value}`);
  return out.toString("latin1", 1, end);
}

const float32 = fc
  .integer({ min: 0, max: 2 ** 32 - 1 })
  .map((bits) => new Float32Array(new Uint32Array([bits]).buffer)[0]!)
  .filter(Number.isFinite);

/** Digits that a number needs at least. */
function fewestDigits(value: number): number {
  for (let precision = 1; ; precision++) {
    if (Math.fround(Number(value.toPrecision(precision))) === value) return precision;
  }
}

const digitsOf = (text: string) => text.replace(/^-|e.*$|\./g, "").replace(/^0+|0+$/g, "").length;

describe("printFloat32", () => {
  const cases: [number, string][] = [
    [0, "0"],
    [-0, "-0"],
    [1, "1"],
    [-1, "-1"],
    [0.1, "0.1"],
    [-2.5, "-2.5"],
    [0.333251953125, "0.33325195"],
    [16777216, "16777216"],
    [123456789, "123456790"],
    [1234567.5, "1234567.5"],
    [0.000012345, "0.000012345"],
    [1e-7, "1e-7"],
    [1.25e-7, "1.25e-7"],
    [1.2345678e-20, "1.2345678e-20"],
    [1.401298464324817e-45, "1e-45"],
    [3.4028234663852886e38, "3.4028235e+38"],
    [-1.17549435e-38, "-1.1754944e-38"],
    [NaN, "null"],
    [Infinity, "null"],
    [-Infinity, "null"],
  ];
  for (const [value, text] of cases) it(`writes ${value} as ${text}`, () => assert.equal(print(value), text));

  it("gives back every number, in as few digits as can be", () => {
    fc.assert(
      fc.property(float32, (value) => {
        const text = print(value);
        assert.ok(Object.is(Math.fround(JSON.parse(text) as number), value), `${text} for ${value}`);
        if (value !== 0) assert.equal(digitsOf(text), fewestDigits(value), `${text} for ${value}`);
      }),
      { numRuns: 20_000 },
    );
  });

  it("gives back the numbers at and beside powers of two and of ten", () => {
    const edges: number[] = [];
    for (let e = -149; e <= 127; e++) edges.push(2 ** e);
    for (let e = -44; e <= 38; e++) edges.push(Math.fround(Number(`1e${e}`)));
    for (const edge of edges) {
      const bits = new Uint32Array(new Float32Array([edge]).buffer)[0]!;
      for (const step of [-2, -1, 0, 1, 2]) {
        const value = new Float32Array(new Uint32Array([bits + step]).buffer)[0]!;
        if (Number.isFinite(value))
          assert.ok(Object.is(Math.fround(Number(print(value))), value), `${value}`);
      }
    }
  });
});
