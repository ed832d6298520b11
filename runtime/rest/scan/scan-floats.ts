import { Char, skipSpace, UNUSUAL } from "./characters";

/** Powers of ten that a double holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const LARGEST_POWER = 22;
/** Sums from here on may have been rounded. */
const LARGEST_EXACT = 2 ** 53;

/** Nine digits fit 32 bits; a ninth digit is not followed by a tenth. */
const NINE_DIGITS = 100_000_000;

/**
 * Bounds of the relative error of a number that was computed from rounded parts: at most six operations, each off by at
 * most 2^-53.
 */
const BELOW = 1 - 2 ** -50;
const ABOVE = 1 + 2 ** -50;

/** Numbers near the edge of a datatype's range are the exact parser's. */
const FAR_FROM_LARGEST_FLOAT32 = 3.4e38;
const FAR_FROM_LARGEST_FLOAT64 = 1.7e308;

/**
 * Reads the numbers of one JSON array into `out[from..to)`, each as `JSON.parse` would give it and, for a Float32Array,
 * rounded to it. Numbers whose digits and power of ten are exact in a double need one operation, which IEEE 754 rounds
 * rightly (Clinger, "How to Read Floating Point Numbers Accurately", 1990). With more digits than that the result is
 * still certain for float32 where both ends of the error's interval round to the same number. Anything else goes through
 * `Number`.
 * @param bytes end with a `}`, which stops every scan
 * @returns the position of what follows the last number, which need not be the `]`; or UNUSUAL
 */
export function scanFloats(
  bytes: Buffer,
  at: number,
  out: Float32Array | Float64Array,
  from: number,
  to: number,
  single: boolean,
): number {
  const largest = single ? FAR_FROM_LARGEST_FLOAT32 : FAR_FROM_LARGEST_FLOAT64;
  for (let i = from; ;) {
    let code = bytes[at]!;
    if (code <= Char.Space) code = bytes[(at = skipSpace(bytes, at))]!;
    const start = at;
    const negative = code === Char.Minus;
    if (negative) code = bytes[++at]!;

    let digit = code - Char.Zero;
    let high = 0;
    if (digit === 0) code = bytes[++at]!;
    else {
      if (digit >>> 0 > 9) return UNUSUAL;
      do {
        high = (high * 10 + digit) | 0;
        code = bytes[++at]!;
        digit = code - Char.Zero;
      } while (digit >>> 0 <= 9 && high < NINE_DIGITS);
    }
    // Either a zero is followed by a digit, which is no JSON, or the integer has ten digits and more.
    const plain = (code - Char.Zero) >>> 0 > 9;
    if (!plain) {
      if (high === 0) return UNUSUAL;
      do code = bytes[++at]!;
      while ((code - Char.Zero) >>> 0 <= 9);
    }

    let low = 0;
    let lowDigits = 0;
    let exact = true;
    let exponent = 0;
    if (code === Char.Point) {
      const fraction = ++at;
      code = bytes[at]!;
      digit = code - Char.Zero;
      if (digit >>> 0 > 9) return UNUSUAL;
      while (digit >>> 0 <= 9 && high < NINE_DIGITS) {
        high = (high * 10 + digit) | 0;
        code = bytes[++at]!;
        digit = code - Char.Zero;
      }
      exponent = fraction - at;
      if (digit >>> 0 <= 9) {
        const second = at;
        const limit = at + 9;
        do {
          low = (low * 10 + digit) | 0;
          code = bytes[++at]!;
          digit = code - Char.Zero;
        } while (digit >>> 0 <= 9 && at < limit);
        lowDigits = at - second;
        exponent -= lowDigits;
        while (digit >>> 0 <= 9) {
          exact = false;
          code = bytes[++at]!;
          digit = code - Char.Zero;
        }
      }
    }

    if (code === Char.SmallE || code === Char.CapitalE) {
      code = bytes[++at]!;
      const minus = code === Char.Minus;
      if (minus || code === Char.Plus) code = bytes[++at]!;
      digit = code - Char.Zero;
      if (digit >>> 0 > 9) return UNUSUAL;
      let written = 0;
      do {
        written = Math.min(written * 10 + digit, 9999);
        code = bytes[++at]!;
        digit = code - Char.Zero;
      } while (digit >>> 0 <= 9);
      exponent += minus ? -written : written;
    }

    let value: number;
    const mantissa = lowDigits === 0 ? high : high * POWERS[lowDigits]! + low;
    if (
      plain &&
      exact &&
      mantissa < LARGEST_EXACT &&
      exponent >= -LARGEST_POWER &&
      exponent <= LARGEST_POWER
    ) {
      value = exponent < 0 ? mantissa / POWERS[-exponent]! : mantissa * POWERS[exponent]!;
    } else {
      value = NaN;
      if (plain && single && exponent <= 0 && exponent >= -2 * LARGEST_POWER) {
        const near =
          exponent < -LARGEST_POWER
            ? mantissa / POWERS[LARGEST_POWER]! / POWERS[-exponent - LARGEST_POWER]!
            : mantissa / POWERS[-exponent]!;
        const rounded = Math.fround(near * BELOW);
        if (rounded === Math.fround(near * ABOVE)) value = rounded;
      }
      if (value !== value) value = Math.abs(Number(bytes.toString("latin1", start, at)));
    }
    if (value > largest) return UNUSUAL;
    out[i++] = negative ? -value : value;

    if (code <= Char.Space) code = bytes[(at = skipSpace(bytes, at))]!;
    if (i === to) return at;
    if (code !== Char.Comma) return UNUSUAL;
    at++;
  }
}
