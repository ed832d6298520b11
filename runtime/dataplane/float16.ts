/** From here on a number rounds to infinity. */
export const LARGEST_FLOAT16 = 65520;

const SMALLEST_NORMAL = 2 ** -14;
const INFINITY = 0x7c00;
const NOT_A_NUMBER = 0x7e00;

const scratch = new DataView(new ArrayBuffer(8));

/**
 * The bits of the half-precision number nearest to `value`, ties to even; too large a number becomes infinity. Rounds
 * once, from the double: by way of a float32 a number just above a tie would round down.
 */
export function float16Bits(value: number): number {
  scratch.setFloat64(0, value);
  const top = scratch.getUint32(0);
  const sign = (top >>> 16) & 0x8000;
  const size = Math.abs(value);
  if (size !== size) return sign | NOT_A_NUMBER;
  if (size >= LARGEST_FLOAT16) return sign | INFINITY;
  // Scaling by a power of two is exact. A carry out of the mantissa rightly raises the exponent.
  if (size < SMALLEST_NORMAL) return sign | toEven(size * 2 ** 24);
  const exponent = ((top >>> 20) & 0x7ff) - 1023;
  return sign | ((exponent + 14) * 1024 + toEven(size * 2 ** (10 - exponent)));
}

/** The nearest whole number, of two the even one. */
function toEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** The number that half-precision bits stand for. */
export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const mantissa = bits & 0x3ff;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  if (exponent === 0x1f) return mantissa ? NaN : sign * Infinity;
  return sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
}
