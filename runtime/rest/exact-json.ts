import { randomBytes } from "node:crypto";

/** Marks an integer that JSON.parse would have rounded; followed by its digits. Random: no text of a client begins so. */
const MARK = `int:${randomBytes(9).toString("base64url")}:`;

/** The shortest integers that can exceed 2^53 have 16 digits, the longest that fit 64 bits have 20. */
const FEWEST_DIGITS = 16;
const MOST_DIGITS = 20;

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Parses JSON that was valid for JSON.parse once more, giving integers of 16 to 20 digits as marked strings with every
 * digit kept. Twice the work: meant for the rare request whose integers do not fit a double. Scans by hand: a regular
 * expression that skips strings and long numbers can be made to take a stack or a time without bounds.
 */
export function parseExactIntegers(text: string): unknown {
  let marked = "";
  let copied = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, at);
      if (isLongInteger(text, at, end)) {
        marked += `${text.slice(copied, at)}"${MARK}${text.slice(at, end)}"`;
        copied = end;
      }
      at = end;
    } else at++;
  }
  return JSON.parse(marked + text.slice(copied));
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** The position after the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let before = quote;
    while (text[before - 1] === "\\") before--;
    // An odd number of backslashes escapes the quote.
    if ((quote - before) % 2 === 0) return quote + 1;
  }
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && ".eE+-0123456789".includes(text[end]!)) end++;
  return end;
}

function isLongInteger(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  if (end - first < FEWEST_DIGITS || end - first > MOST_DIGITS) return false;
  for (let at = first; at < end; at++) if (!isDigit(text.charCodeAt(at))) return false;
  return true;
}

export function isExactInteger(value: string): boolean {
  return value.startsWith(MARK);
}

/** The integer behind a marked string; undefined for anything else. */
export function exactInteger(value: unknown): bigint | undefined {
  return typeof value === "string" && isExactInteger(value) ? BigInt(value.slice(MARK.length)) : undefined;
}
