import { afterElement, Char, skipSpace, UNUSUAL } from "./characters";

/** Fifteen digits are below 2^53. */
const MOST_DIGITS = 15;

/** The longest 64-bit integer has 20 characters. */
const MOST_LONG_CHARACTERS = 20;

type IntegerArray = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array;

/**
 * Reads plain integers of one JSON array into `out[from..to)`. A fraction, an exponent or a number out of range is left
 * to the exact parser, which takes `1.0` and `1e2` and names what it refuses.
 * @param bytes end with a `}`
 * @returns the position of the `]`, or UNUSUAL
 */
export function scanIntegers(
  bytes: Buffer,
  at: number,
  out: IntegerArray,
  from: number,
  to: number,
  least: number,
  largest: number,
): number {
  for (let i = from; i < to;) {
    if (bytes[at]! <= Char.Space) at = skipSpace(bytes, at);
    const negative = bytes[at] === Char.Minus;
    if (negative) at++;
    const start = at;
    let digit = bytes[at]! - Char.Zero;
    if (digit >>> 0 > 9) return UNUSUAL;
    let value = 0;
    do {
      value = value * 10 + digit;
      digit = bytes[++at]! - Char.Zero;
    } while (digit >>> 0 <= 9);
    const digits = at - start;
    if (digits > MOST_DIGITS || (digits > 1 && bytes[start] === Char.Zero)) return UNUSUAL;
    if (negative) value = -value;
    if (value < least || value > largest) return UNUSUAL;
    out[i++] = value;
    at = afterElement(bytes, at, i === to);
    if (at === UNUSUAL) return UNUSUAL;
  }
  return at;
}

/** 64-bit integers and the halves that they are stored in, low half first. */
export interface Longs {
  readonly whole: BigInt64Array | BigUint64Array;
  readonly halves: Int32Array;
}

/** As `scanIntegers`, for INT64 and UINT64: short numbers are stored as two halves, which spares a BigInt for each. */
export function scanLongs(
  bytes: Buffer,
  at: number,
  { whole, halves }: Longs,
  from: number,
  to: number,
  least: bigint,
  largest: bigint,
): number {
  for (let i = from; i < to;) {
    if (bytes[at]! <= Char.Space) at = skipSpace(bytes, at);
    const first = at;
    const negative = bytes[at] === Char.Minus;
    if (negative) at++;
    const start = at;
    let digit = bytes[at]! - Char.Zero;
    if (digit >>> 0 > 9) return UNUSUAL;
    let value = 0;
    do {
      value = value * 10 + digit;
      digit = bytes[++at]! - Char.Zero;
    } while (digit >>> 0 <= 9);
    const digits = at - start;
    if (digits > 1 && bytes[start] === Char.Zero) return UNUSUAL;
    const code = bytes[at];
    if (code === Char.Point || code === Char.SmallE || code === Char.CapitalE) return UNUSUAL;
    if (digits <= MOST_DIGITS && !(negative && least === 0n)) {
      if (negative) value = -value;
      halves[2 * i] = value | 0;
      halves[2 * i + 1] = Math.floor(value / 2 ** 32);
    } else {
      if (digits > MOST_LONG_CHARACTERS) return UNUSUAL;
      const exact = BigInt(bytes.toString("latin1", first, at));
      if (exact < least || exact > largest) return UNUSUAL;
      whole[i] = exact;
    }
    at = afterElement(bytes, at, ++i === to);
    if (at === UNUSUAL) return UNUSUAL;
  }
  return at;
}

/** The words `true` and `false` and the numbers 1 and 0. */
export function scanBooleans(bytes: Buffer, at: number, out: Uint8Array, from: number, to: number): number {
  for (let i = from; i < to;) {
    if (bytes[at]! <= Char.Space) at = skipSpace(bytes, at);
    const code = bytes[at];
    if (code === Char.SmallT && isWord(bytes, at, TRUE)) {
      out[i++] = 1;
      at += TRUE.length;
    } else if (code === Char.SmallF && isWord(bytes, at, FALSE)) {
      out[i++] = 0;
      at += FALSE.length;
    } else if ((code === Char.Zero || code === Char.One) && endsElement(bytes[at + 1]!)) {
      out[i++] = code - Char.Zero;
      at++;
    } else return UNUSUAL;
    at = afterElement(bytes, at, i === to);
    if (at === UNUSUAL) return UNUSUAL;
  }
  return at;
}

const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");

/** Whether the bytes at `at` are those of a word. */
export function isWord(bytes: Uint8Array, at: number, word: Uint8Array): boolean {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false;
  return true;
}

function endsElement(code: number): boolean {
  return code === Char.Comma || code === Char.CloseArray || code <= Char.Space;
}
