/** Marks an integer that JSON.parse would have rounded; followed by its digits. */
export const EXACT_INTEGER_MARK = "\u0000int:";

// Strings are matched first, so that digits inside them stay untouched. Sixteen digits are the shortest that can
// exceed 2^53; a fraction or exponent after them is not an integer and stays a number.
const stringOrLongInteger = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/**
 * Parses JSON that was valid for JSON.parse once more, giving integers of 16 digits or more as marked strings with
 * every digit kept. Twice the work: meant for the rare request whose integers do not fit a double.
 */
export function parseExactIntegers(text: string): unknown {
  const marked = text.replace(stringOrLongInteger, (token) =>
    token.startsWith('"') ? token : `"\\u0000int:${token}"`,
  );
  return JSON.parse(marked);
}

/** The integer behind a marked string; undefined for anything else. */
export function exactInteger(value: unknown): bigint | undefined {
  if (typeof value !== "string" || !value.startsWith(EXACT_INTEGER_MARK)) return undefined;
  try {
    return BigInt(value.slice(EXACT_INTEGER_MARK.length));
  } catch {
    return undefined;
  }
}
