/** Powers of ten that a double holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const LARGEST_POWER = 22;

/** Whole numbers below this are float32 numbers all of them, so that no shorter text means the same. */
const WHOLE_LIMIT = 2 ** 24;
/** Bounds of what is printed here; the rest goes through `String`. */
const LEAST = 1e-30;
const LIMIT = 1e6;

/** Bounds of the relative error of a quotient of rounded parts, as in the parser. */
const BELOW = 1 - 2 ** -50;
const ABOVE = 1 + 2 ** -50;

const enum Ascii {
  Minus = 0x2d,
  Point = 0x2e,
  Zero = 0x30,
  SmallE = 0x65,
}

/** Bytes that the longest float32 takes: -1.17549435e-38 and what `String` writes of a double. */
export const MOST_FLOAT_BYTES = 26;

/**
 * Writes the shortest decimal that gives back the same float32: nine digits always do, most numbers need eight. That it
 * does is checked on the decimal itself; its quotient is what `JSON.parse` gives, as IEEE 754 rounds a division of exact
 * numbers rightly. NaN and infinities, which JSON lacks, become null.
 * @param value a float32
 * @param out has room for MOST_FLOAT_BYTES
 * @returns the position after the text
 */
export function printFloat32(value: number, out: Buffer, at: number): number {
  if (value < 0 || (value === 0 && 1 / value < 0)) {
    out[at++] = Ascii.Minus;
    value = -value;
  }
  if (value < WHOLE_LIMIT && (value | 0) === value) return printWhole(value, out, at);
  if (value >= LEAST && value < LIMIT) {
    // The number of fraction digits that makes eight digits in all.
    let scale = 7 - decimalExponent(value);
    let digits = nearest(value, scale);
    if (isDecimalOf(value, digits, scale)) {
      for (let fewer = 1; fewer <= 2; fewer++) {
        const shorter = nearest(value, scale - 1);
        if (!isDecimalOf(value, shorter, scale - 1)) break;
        digits = shorter;
        scale--;
      }
      while (digits % 10 === 0) {
        digits = (digits / 10) | 0;
        scale--;
      }
      return printDecimal(digits, scale, out, at);
    }
    digits = nearest(value, ++scale);
    if (isDecimalOf(value, digits, scale)) return printDecimal(digits, scale, out, at);
  }
  return printAny(value, out, at);
}

/** The power of ten of the first digit. */
function decimalExponent(value: number): number {
  if (value >= 1) {
    if (value < 10) return 0;
    if (value < 100) return 1;
    if (value < 1000) return 2;
    return value < 10_000 ? 3 : value < 100_000 ? 4 : 5;
  }
  if (value >= 0.1) return -1;
  if (value >= 0.01) return -2;
  if (value >= 0.001) return -3;
  let exponent = -4;
  for (let bound = 1e-4; value < bound; bound /= 10) exponent--;
  return exponent;
}

/** The whole number nearest to value × 10^scale, a candidate for the digits; whether it is right is checked after. */
function nearest(value: number, scale: number): number {
  const scaled =
    scale <= LARGEST_POWER
      ? value * POWERS[scale]!
      : value * POWERS[LARGEST_POWER]! * POWERS[scale - LARGEST_POWER]!;
  return (scaled + 0.5) | 0;
}

/** Whether digits × 10^-scale is read as `value`. */
function isDecimalOf(value: number, digits: number, scale: number): boolean {
  if (scale <= LARGEST_POWER) return Math.fround(digits / POWERS[scale]!) === value;
  const near = digits / POWERS[LARGEST_POWER]! / POWERS[scale - LARGEST_POWER]!;
  return Math.fround(near * BELOW) === value && Math.fround(near * ABOVE) === value;
}

function countDigits(whole: number): number {
  if (whole < 10) return 1;
  if (whole < 100) return 2;
  if (whole < 1000) return 3;
  if (whole < 10_000) return 4;
  if (whole < 100_000) return 5;
  if (whole < 1_000_000) return 6;
  if (whole < 10_000_000) return 7;
  return whole < 100_000_000 ? 8 : whole < 1_000_000_000 ? 9 : 10;
}

/** Writes a whole number below 2^31. */
export function printWhole(whole: number, out: Buffer, at: number): number {
  if (whole < 10) {
    out[at] = Ascii.Zero + whole;
    return at + 1;
  }
  const end = at + countDigits(whole);
  writeDigits(whole | 0, out, at, end);
  return end;
}

/** The last digits of `whole` between two positions, with zeros before them. */
function writeDigits(whole: number, out: Buffer, from: number, to: number): number {
  while (to > from) {
    const rest = (whole / 10) | 0;
    out[--to] = Ascii.Zero + whole - rest * 10;
    whole = rest;
  }
  return whole;
}

/** Writes digits × 10^-scale, where scale > 0. */
function printDecimal(digits: number, scale: number, out: Buffer, at: number): number {
  const count = countDigits(digits);
  if (count > scale) {
    const end = at + count + 1;
    const point = end - scale - 1;
    const whole = writeDigits(digits, out, point + 1, end);
    out[point] = Ascii.Point;
    writeDigits(whole, out, at, point);
    return end;
  }
  if (count - scale > -6) {
    out[at] = Ascii.Zero;
    out[at + 1] = Ascii.Point;
    const end = at + 2 + scale;
    writeDigits(digits, out, at + 2, end);
    return end;
  }
  // 1.2345678e-9: one digit, the others as fraction, the power of ten of the first.
  const end = count === 1 ? at + 1 : at + count + 1;
  const first = writeDigits(digits, out, at + 2, end);
  if (count > 1) out[at + 1] = Ascii.Point;
  out[at] = Ascii.Zero + first;
  out[end] = Ascii.SmallE;
  out[end + 1] = Ascii.Minus;
  return printWhole(scale - count + 1, out, end + 2);
}

/** Any number, the slow way: the first of the precisions that gives the number back. */
function printAny(value: number, out: Buffer, at: number): number {
  if (!Number.isFinite(value)) return printNull(out, at);
  for (let precision = 1; precision <= 9; precision++) {
    const text = String(Number(value.toPrecision(precision)));
    if (Math.fround(Number(text)) === value) return at + out.write(text, at, "latin1");
  }
  return at + out.write(String(value), at, "latin1");
}

/** @returns the position after `null` */
function printNull(out: Buffer, at: number): number {
  // A minus sign may precede: there is no negative null.
  if (at > 0 && out[at - 1] === Ascii.Minus) at--;
  return at + out.write("null", at, "latin1");
}
