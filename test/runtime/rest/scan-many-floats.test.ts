import assert from "node:assert/strict";
import fc from "fast-check";
import { UNUSUAL } from "../../../runtime/rest/scan/characters";
import { scanFloats } from "../../../runtime/rest/scan/scan-floats";
import { MANY, scanManyFloats } from "../../../runtime/rest/scan/scan-many-floats";
import { loadFloatProgram } from "../../../runtime/rest/scan/wasm/float-program";

const SECONDS = Number(process.env.SLIPWAY_FUZZ_SECONDS ?? 1.5);
const limits = { interruptAfterTimeLimit: SECONDS * 500, markInterruptAsFailure: false, numRuns: 10_000_000 };

interface Scanned {
  readonly after: number;
  readonly values: Float32Array | Float64Array;
}

type Scan = typeof scanFloats;

/** Reads `count` numbers, into the second element on, so that one written before or after them shows. */
function scanned(scan: Scan, text: string, count: number, single: boolean): Scanned {
  const bytes = Buffer.from(`[${text}]}`);
  const values = single ? new Float32Array(count + 2) : new Float64Array(count + 2);
  const after = scan(bytes, 1, values, 1, count + 1, single);
  return { after: after === UNUSUAL || String.fromCharCode(bytes[after]!) !== "]" ? UNUSUAL : after, values };
}

function assertSame(text: string, count: number): void {
  for (const single of [true, false]) {
    const expected = scanned(scanFloats, text, count, single);
    const got = scanned(scanManyFloats, text, count, single);
    assert.equal(got.after, expected.after, text);
    if (expected.after !== UNUSUAL) assert.deepEqual(got.values, expected.values, text);
  }
}

const FLOAT32_BITS = new Uint32Array(1);
const asFloat32 = new Float32Array(FLOAT32_BITS.buffer);
function float32Of(bits: number): number {
  FLOAT32_BITS[0] = bits;
  return Number.isFinite(asFloat32[0]) ? asFloat32[0]! : 0;
}

const digits = (least: number, most: number) =>
  fc.string({ minLength: least, maxLength: most, unit: fc.constantFrom(..."0123456789") });
const whole = fc.oneof(
  fc.constant("0"),
  digits(0, 20).map((more) => `1${more}`),
);
const spelled = fc
  .tuple(
    fc.constantFrom("", "-"),
    whole,
    fc.oneof(
      fc.constant(""),
      digits(1, 24).map((fraction) => `.${fraction}`),
    ),
    fc.oneof(
      { weight: 4, arbitrary: fc.constant("") },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom("e", "E"), fc.constantFrom("", "-", "+"), digits(1, 4))
          .map((parts) => parts.join("")),
      },
    ),
  )
  .map((parts) => parts.join(""));

/** In the middle of two neighbours, or next to it: where rounding twice shows. */
const between = fc
  .tuple(fc.integer({ min: 1, max: 0x7f7ffffe }), fc.integer({ min: 12, max: 21 }), fc.constantFrom("", "-"))
  .map(([bits, precision, sign]) => {
    const middle = (float32Of(bits) + float32Of(bits + 1)) / 2;
    return `${sign}${middle > 1e-7 && middle < 1e12 ? middle.toPrecision(precision) : String(middle)}`;
  });

const usual = fc.oneof(
  fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map(String),
  fc.float({ noNaN: true, min: -1, max: 1 }).map((value) => String(Number(value.toPrecision(9)))),
  fc.integer({ min: -300, max: 300 }).map(String),
  fc.integer({ min: -1e7, max: 1e7 }).map((value) => String(value / 1e4)),
);
const anyNumber = fc.oneof({ weight: 6, arbitrary: usual }, spelled, between);
const separator = fc.constantFrom(",", ",", ",", ", ", ",\n  ", " , ", "\t,\r\n");

const arrayOf = (number: fc.Arbitrary<string>) =>
  fc.tuple(fc.array(number, { minLength: MANY, maxLength: 2 * MANY }), separator);

describe("scanManyFloats", () => {
  it("has its program", () => {
    const { memory, scan } = loadFloatProgram();
    assert.equal(typeof scan, "function");
    assert.ok(memory.buffer.byteLength < 1024 * 1024);
  });

  it("reads what `JSON.parse` reads, rounded once", () => {
    let read = 0;
    fc.assert(
      fc.property(arrayOf(fc.oneof(usual, between)), ([numbers, comma]) => {
        const text = numbers.join(comma);
        const single = scanned(scanManyFloats, text, numbers.length, true);
        const double = scanned(scanManyFloats, text, numbers.length, false);
        const parsed = JSON.parse(`[${text}]`) as number[];
        assert.deepEqual([...double.values.subarray(1, -1)], parsed);
        if (single.after === UNUSUAL) return assert.ok(parsed.some((value) => Math.abs(value) > 3.3e38));
        assert.deepEqual([...single.values], [0, ...parsed.map(Math.fround), 0]);
        read++;
      }),
      limits,
    );
    assert.ok(read > 0);
  });

  it("does with any spelling what the scanner without it does", () => {
    fc.assert(
      fc.property(arrayOf(anyNumber), ([numbers, comma]) => assertSame(numbers.join(comma), numbers.length)),
      limits,
    );
  });

  it("does the same with texts that are no numbers, and with more or fewer than there are to be", () => {
    const characters = fc.constantFrom(...'0123456789.-+eE, \n\t]}[x"\0'.split(""));
    const change = fc.tuple(fc.nat(), fc.constantFrom("insert", "replace", "remove"), characters);
    fc.assert(
      fc.property(
        arrayOf(anyNumber),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: -1, max: 1 }),
        ([numbers, comma], changes, more) => {
          let text = numbers.join(comma);
          for (const [where, how, character] of changes) {
            const at = where % text.length;
            const kept = how === "insert" ? at : at + 1;
            text = text.slice(0, at) + (how === "remove" ? "" : character) + text.slice(kept);
          }
          assertSame(text, numbers.length + more);
        },
      ),
      limits,
    );
  });

  it("reads arrays that are longer than its memory, wherever that cuts them", () => {
    const random = fc.sample(fc.oneof({ weight: 20, arbitrary: usual }, spelled), { numRuns: 9000, seed: 5 });
    for (const numbers of [
      random.filter((text) => Math.abs(Number(text)) < 3e38),
      Array.from({ length: 20_000 }, (_, i) => String(Math.sin(i))),
      Array.from({ length: 70_000 }, (_, i) => String(i % 10)),
    ]) {
      assert.notEqual(scanned(scanManyFloats, numbers.join(","), numbers.length, true).after, UNUSUAL);
      assertSame(numbers.join(","), numbers.length);
      assertSame(numbers.join(", "), numbers.length);
      assertSame(`${numbers.join(",")},`, numbers.length);
    }
  });

  it("reads numbers between which there is more white space than its memory holds", () => {
    const gap = " ".repeat(200_000);
    const numbers = Array.from({ length: MANY }, (_, i) => String(i / 7));
    assertSame(numbers.join(`,${gap}`), MANY);
    assertSame(numbers.join(`${gap},`), MANY);
    assertSame(`${gap}${numbers.join(",")}${gap}`, MANY);
  });

  it("reads a long array of spellings that it leaves to the other scanner", () => {
    const numbers = Array.from({ length: 2000 }, (_, i) => `0.${String(i).padStart(40, "0")}`);
    assertSame(numbers.join(","), 2000);
    assert.notEqual(scanned(scanManyFloats, numbers.join(","), 2000, true).after, UNUSUAL);
  });
});
