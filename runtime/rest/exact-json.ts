import { randomBytes } from "node:crypto";
import type { ByteShare } from "../dataplane/byte-budget";
import { charge, endOfString } from "./json-body";
import { Char } from "./scan/characters";

/** Marks a number that JSON.parse may have rounded; followed by its text. Random: no text of a client begins so. */
const MARK = `number:${randomBytes(9).toString("base64url")}:`;

/** What a marked number begins with in the text that is parsed. */
const OPENING = Buffer.from(`"${MARK}`);

/**
 * Bytes of memory that a marked number takes however short it is: its mark in the text's bytes, in the text and in a string of
 * its own, that string's header, and its place in an array, with room for what is collected late.
 */
const BYTES_PER_MARKED = 256;

/** Doubles tell numbers of up to 15 digits apart; longer ones, and those with an exponent, are kept as they were written. */
const FEWEST_CHARACTERS = 16;
/** Digits of the longest integer that fits 64 bits. */
const MOST_DIGITS = 20;

const NINE = 0x39;

/** The numbers of a JSON text as they were written, for where JSON.parse has rounded them. Looked for only then. */
export class ExactJson {
  private rounds: boolean | undefined;
  private parsed: { readonly value: unknown } | undefined;

  /**
   * @param bytes valid JSON, UTF-8
   * @param share is charged with what marked numbers take; left out, nothing is charged
   */
  constructor(
    private readonly bytes: Buffer,
    private readonly share?: ByteShare,
  ) {}

  /** Whether JSON.parse may have made a whole number of one that is none. */
  get mayRound(): boolean {
    return (this.rounds ??= holdsLongFraction(this.bytes));
  }

  /** The same JSON with long numbers as marked strings. @throws 413 or 503 where these take too much memory */
  get value(): unknown {
    return (this.parsed ??= { value: parseExact(this.bytes, this.share) }).value;
  }
}

/** Whether there is a number with an exponent, or with a fraction and more digits than doubles tell apart. */
function holdsLongFraction(bytes: Buffer): boolean {
  let length = 0;
  let hasPoint = false;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at]!;
    if (code >= Char.Point && code <= NINE) {
      hasPoint ||= code === Char.Point;
      if (++length >= FEWEST_CHARACTERS && hasPoint) return true;
    } else if (length > 0 && (code === Char.SmallE || code === Char.CapitalE)) return true;
    else {
      length = 0;
      hasPoint = false;
      if (code === Char.Quote) at = endOfString(bytes, at);
    }
  }
  return false;
}

/**
 * Parses JSON that was valid for JSON.parse once more, giving long numbers as marked strings. Twice the work: meant for the
 * rare request in which digits count that a double has not. Scans by hand: a regular expression that skips strings and long
 * numbers can be made to take a stack or a time without bounds.
 */
function parseExact(bytes: Buffer, share: ByteShare | undefined): unknown {
  let count = 0;
  forEachMarked(bytes, () => count++);
  if (share !== undefined)
    charge(share, count * BYTES_PER_MARKED, "long numbers and those with exponents", "send tensors as bytes");
  // In one piece: text that is put together bit by bit takes many times its bytes.
  const marked = Buffer.allocUnsafe(bytes.length + count * (OPENING.length + 1));
  let copied = 0;
  let length = 0;
  forEachMarked(bytes, (start, end) => {
    length = copy(bytes, copied, start, marked, length);
    length = copy(OPENING, 0, OPENING.length, marked, length);
    length = copy(bytes, start, end, marked, length);
    marked[length++] = Char.Quote;
    copied = end;
  });
  copy(bytes, copied, bytes.length, marked, length);
  return JSON.parse(marked.toString("utf8"));
}

/** Calls back with the bounds of each number that is to be marked. Allocates nothing. */
function forEachMarked(bytes: Buffer, found: (start: number, end: number) => void): void {
  let at = 0;
  while (at < bytes.length) {
    const code = bytes[at]!;
    if (code === Char.Quote) at = endOfString(bytes, at) + 1;
    else if (code === Char.Minus || isDigit(code)) {
      const first = code === Char.Minus ? at + 1 : at;
      let end = first;
      let hasExponent = false;
      for (; end < bytes.length && isOfNumber(bytes[end]!); end++) hasExponent ||= isExponent(bytes[end]!);
      if (hasExponent || end - first >= FEWEST_CHARACTERS) found(at, end);
      at = end;
    } else at++;
  }
}

/** For a few bytes a time, for which `Buffer.copy` makes a view each. @returns where the copy ends */
function copy(source: Buffer, from: number, to: number, target: Buffer, at: number): number {
  while (from < to) target[at++] = source[from++]!;
  return at;
}

function isDigit(code: number): boolean {
  return code >= Char.Zero && code <= NINE;
}

function isExponent(code: number): boolean {
  return code === Char.SmallE || code === Char.CapitalE;
}

function isOfNumber(code: number): boolean {
  return (
    isDigit(code) || code === Char.Point || isExponent(code) || code === Char.Plus || code === Char.Minus
  );
}

/** The number behind a marked string, as it was written; undefined for anything else. */
export function writtenNumber(value: unknown): string | undefined {
  return typeof value === "string" && value.startsWith(MARK) ? value.slice(MARK.length) : undefined;
}

/** The integer behind a marked string; undefined for anything else, a number with a fraction, or with more digits than 64 bits. */
export function exactInteger(value: unknown): bigint | undefined {
  const text = writtenNumber(value);
  return text === undefined ? undefined : integerOf(text);
}

/** `1.0` and `1e3` are integers as well. */
function integerOf(text: string): bigint | undefined {
  const negative = text.charCodeAt(0) === Char.Minus;
  const exponentAt = text.search(/e/i);
  const mantissa = text.slice(negative ? 1 : 0, exponentAt < 0 ? undefined : exponentAt);
  const [whole, fraction = ""] = mantissa.split(".") as [string, string?];
  const digits = whole + fraction;
  let powerOfTen = (exponentAt < 0 ? 0 : Number(text.slice(exponentAt + 1))) - fraction.length;
  let first = 0;
  while (digits.charCodeAt(first) === Char.Zero) first++;
  let end = digits.length;
  for (; end > first && digits.charCodeAt(end - 1) === Char.Zero; end--) powerOfTen++;
  if (first === end) return 0n;
  if (powerOfTen < 0 || end - first + powerOfTen > MOST_DIGITS) return undefined;
  const integer = BigInt(digits.slice(first, end)) * 10n ** BigInt(powerOfTen);
  return negative ? -integer : integer;
}
