import { Char } from "../characters";
import {
  block,
  f32,
  f64,
  give,
  i32,
  i64,
  leave,
  leaveIf,
  Locals,
  loop,
  moduleOf,
  when,
  type Code,
} from "./assembler";

/** Where things lie in the program's memory, in bytes. */
export const COUNT = 0;
const POWERS = 16;
const WHOLE_POWERS = 256;
export const TEXT = 512;
/** Text that is read at a time. */
export const TEXT_BYTES = 65_536;
/** Zeros after it, which end every number: the longest that is read at once has eight bytes after a word of eight digits. */
export const PADDING = 64;
export const NUMBERS = TEXT + TEXT_BYTES + PADDING;
const PAGES = Math.ceil((NUMBERS + (TEXT_BYTES / 2) * 8) / 65_536);

/** Powers of ten that a double holds exactly. */
const LARGEST_POWER = 22;
/** Whole numbers below it are doubles. */
const LARGEST_EXACT = 2n ** 53n;
/** Numbers below it can take eight digits more in 64 bits. */
const ROOM_FOR_EIGHT = 10n ** 11n;
const ROOM_FOR_ONE = 10n ** 18n;

/**
 * Bounds of the relative error of a number that was computed from rounded parts: at most four operations, each off by at
 * most 2^-53.
 */
const BELOW = 1 - 2 ** -50;
const ABOVE = 1 + 2 ** -50;

/** Numbers near the edge of a datatype's range are the exact parser's. */
const FAR_FROM_LARGEST_FLOAT32 = 3.4e38;
const FAR_FROM_LARGEST_FLOAT64 = 1.7e308;

/** A bit for each character that is white space. */
const SPACES = [Char.Tab, Char.Newline, Char.Return, Char.Space].reduce((bits, code) => bits + 2 ** code, 0);

const locals = new Locals();
const at = locals.local(i32);
const out = locals.local(i32);
const left = locals.local(i32);
const single = locals.local(i32);
const PARAMETERS = locals.types.length;
const start = locals.local(i32);
const count = locals.local(i32);
const code = locals.local(i32);
const minus = locals.local(i32);
const length = locals.local(i32);
const fraction = locals.local(i32);
const exponent = locals.local(i32);
const written = locals.local(i32);
const downwards = locals.local(i32);
const word = locals.local(i64);
const others = locals.local(i64);
const mantissa = locals.local(i64);
const value = locals.local(f64);

const constant = i32.const;
const forward = (by: Code) => at.set(i32.add(at.get, by));
const one = constant(1);
const peek = i32.load8(at.get);
const digit = i32.sub(peek, constant(Char.Zero));
const isDigit = i32.lessUnsigned(digit, constant(10));
const power = (n: Code) => f64.load(i32.shl(n, constant(3)), POWERS);

/** Reads eight bytes, and how many of them are digits before the first other one. */
const readWord: Code = [
  word.set(i64.xor(i64.load(at.get), i64.const(0x3030303030303030n))),
  // The highest bit of each byte that is no digit, and maybe of some after the first such: only the first one counts.
  others.set(
    i64.and(
      i64.or(i64.add(word.get, i64.const(0x7676767676767676n)), word.get),
      i64.const(0x8080808080808080n),
    ),
  ),
  length.set(i32.wrap(i64.shrUnsigned(i64.countTrailingZeros(others.get), i64.const(3n)))),
];

const sums = (shifted: Code, weights: bigint) =>
  i64.mul(i64.and(shifted, i64.const(0x000000ff000000ffn)), i64.const(weights));

/**
 * The number that the word's first `length` digits make, at least one: moved up, so that zeros precede them, then pairs of digits, of
 * pairs and of fours in three multiplications (D. Lemire, "Quickly parsing eight digits", 2018).
 */
const wordValue: Code = [
  word.set(i64.shl(word.get, i64.extend(i32.sub(constant(64), i32.shl(length.get, constant(3)))))),
  word.set(i64.add(i64.mul(word.get, i64.const(10n)), i64.shrUnsigned(word.get, i64.const(8n)))),
  i64.shrUnsigned(
    i64.add(
      sums(word.get, 100n + (1_000_000n << 32n)),
      sums(i64.shrUnsigned(word.get, i64.const(16n)), 1n + (10_000n << 32n)),
    ),
    i64.const(32n),
  ),
];

/** Appends the word's digits. Leaves so many blocks where there may be no room for them. */
const appendWord = (depth: number): Code => [
  leaveIf(i64.greaterUnsigned(mantissa.get, i64.const(ROOM_FOR_EIGHT)), depth),
  mantissa.set(
    i64.add(i64.mul(mantissa.get, i64.load(i32.shl(length.get, constant(3)), WHOLE_POWERS)), [wordValue]),
  ),
  forward(length.get),
];

/** Appends digits one by one. Leaves so many blocks, from outside of the loop, where there is no room for all. */
const appendDigits = (depth: number): Code =>
  block(
    loop(
      leaveIf(i32.not(isDigit), 1),
      leaveIf(i64.greaterUnsigned(mantissa.get, i64.const(ROOM_FOR_ONE)), depth + 2),
      mantissa.set(i64.add(i64.mul(mantissa.get, i64.const(10n)), i64.extend(digit))),
      forward(one),
      leave(0),
    ),
  );

const EIGHT = i32.eq(length.get, constant(8));

const readWhole = (stop: number): Code =>
  when(
    i32.eq(peek, constant(Char.Zero)),
    [mantissa.set(i64.const(0n)), forward(one), leaveIf(isDigit, stop + 1)],
    [
      readWord,
      leaveIf(i32.not(length.get), stop + 1),
      mantissa.set([wordValue]),
      forward(length.get),
      when(EIGHT, [appendDigits(stop + 2)]),
    ],
  );

const readFraction = (stop: number): Code => [
  exponent.set(constant(0)),
  when(i32.eq(peek, constant(Char.Point)), [
    forward(one),
    fraction.set(at.get),
    readWord,
    leaveIf(i32.not(length.get), stop + 1),
    appendWord(stop + 1),
    when(EIGHT, [readWord, when(length.get, [appendWord(stop + 3), when(EIGHT, [appendDigits(stop + 4)])])]),
    exponent.set(i32.sub(fraction.get, at.get)),
  ]),
];

const readExponent = (stop: number): Code =>
  when(i32.eq(i32.or(peek, constant(0x20)), constant(Char.SmallE)), [
    forward(one),
    downwards.set(i32.eq(peek, constant(Char.Minus))),
    when(i32.or(downwards.get, i32.eq(peek, constant(Char.Plus))), [forward(one)]),
    leaveIf(i32.not(isDigit), stop + 1),
    written.set(constant(0)),
    block(
      loop(
        leaveIf(i32.not(isDigit), 1),
        written.set(i32.add(i32.mul(written.get, constant(10)), digit)),
        leaveIf(i32.greater(written.get, constant(999)), stop + 3),
        forward(one),
        leave(0),
      ),
    ),
    when(downwards.get, [written.set(i32.sub(constant(0), written.get))]),
    exponent.set(i32.add(exponent.get, written.get)),
  ]);

const negated = i32.sub(constant(0), exponent.get);
const converted = f64.convert(mantissa.get);
const within = (low: number, high: number) =>
  i32.lessUnsigned(i32.sub(exponent.get, constant(low)), constant(high - low + 1));
const rounded = (bound: number) => f32.demote(f64.mul(value.get, f64.const(bound)));

/** The mantissa times ten to the exponent, where one operation gives it or float32 leaves no doubt. */
const compute = (stop: number): Code =>
  when(
    i32.and(i64.lessUnsigned(mantissa.get, i64.const(LARGEST_EXACT)), within(-LARGEST_POWER, LARGEST_POWER)),
    [
      when(
        i32.greater(exponent.get, constant(0)),
        [value.set(f64.mul(converted, power(exponent.get)))],
        [value.set(f64.div(converted, power(negated)))],
      ),
    ],
    [
      leaveIf(i32.not(i32.and(single.get, within(-2 * LARGEST_POWER, 0))), stop + 1),
      when(
        within(-LARGEST_POWER, 0),
        [value.set(f64.div(converted, power(negated)))],
        [
          value.set(
            f64.div(
              f64.div(converted, f64.const(10 ** LARGEST_POWER)),
              power(i32.sub(negated, constant(LARGEST_POWER))),
            ),
          ),
        ],
      ),
      leaveIf(f32.notEqual(rounded(BELOW), rounded(ABOVE)), stop + 1),
      value.set(f64.promote(rounded(BELOW))),
    ],
  );

const signedValue = f64.copysign(value.get, f64.convertSigned(i32.sub(one, i32.shl(minus.get, one))));

const keep = (stop: number): Code =>
  when(
    single.get,
    [
      leaveIf(f64.greater(value.get, f64.const(FAR_FROM_LARGEST_FLOAT32)), stop + 1),
      f32.store(out.get, f32.demote(signedValue)),
      out.set(i32.add(out.get, constant(4))),
    ],
    [
      leaveIf(f64.greater(value.get, f64.const(FAR_FROM_LARGEST_FLOAT64)), stop + 1),
      f64.store(out.get, signedValue),
      out.set(i32.add(out.get, constant(8))),
    ],
  );

const skipSpaces: Code = block(
  loop(
    code.set(peek),
    leaveIf(i32.greaterUnsigned(code.get, constant(Char.Space)), 1),
    leaveIf(
      i32.not(
        i32.wrap(i64.and(i64.shrUnsigned(i64.const(BigInt(SPACES)), i64.extend(code.get)), i64.const(1n))),
      ),
      1,
    ),
    forward(one),
    leave(0),
  ),
);

const finished = (position: Code): Code => [i32.store(constant(COUNT), count.get), give(position)];

/** The loop's body lies within one block: leaving that, at depth 1 from here, leaves the number at `start` unread. */
const STOP = 1;

const body: Code = [
  block(
    loop(
      skipSpaces,
      start.set(at.get),
      minus.set(i32.eq(peek, constant(Char.Minus))),
      forward(minus.get),
      readWhole(STOP),
      readFraction(STOP),
      readExponent(STOP),
      compute(STOP),
      code.set(peek),
      when(i32.eq(code.get, constant(Char.Comma)), [
        // One number more than there are to be.
        when(i32.eq(i32.add(count.get, one), left.get), [give(constant(-1))]),
        keep(STOP + 1),
        forward(one),
        count.set(i32.add(count.get, one)),
        leave(1),
      ]),
      leaveIf(i32.not(i32.eq(code.get, constant(Char.CloseArray))), STOP),
      keep(STOP),
      count.set(i32.add(count.get, one)),
      finished(at.get),
    ),
  ),
  finished(start.get),
];

/** What of it is used: the types of Node do not have it. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

export interface FloatProgram {
  readonly memory: { readonly buffer: ArrayBuffer };
  /**
   * Reads numbers of a JSON array from `at` in its memory, each followed by a comma or the array's end, until it has `left` of them,
   * the array ends, or one comes that it leaves to others.
   * @param single whether to write float32 to `out`; float64 otherwise
   * @returns the position of the `]`, or of the number that was not read; -1 where there are more than `left`. How many were read
   * stands at COUNT.
   */
  scan(at: number, out: number, left: number, single: number): number;
}

/** @throws where the process may not have WebAssembly's memory */
export function loadFloatProgram(): FloatProgram {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
  const module = new Module(moduleOf("scan", PAGES, PARAMETERS, locals, body));
  const program = new Instance(module).exports as FloatProgram;
  const { buffer } = program.memory;
  new Float64Array(buffer, POWERS, LARGEST_POWER + 1).set(
    Array.from({ length: LARGEST_POWER + 1 }, (_, i) => Number(`1e${i}`)),
  );
  new BigUint64Array(buffer, WHOLE_POWERS, 9).set(Array.from({ length: 9 }, (_, i) => 10n ** BigInt(i)));
  return program;
}
