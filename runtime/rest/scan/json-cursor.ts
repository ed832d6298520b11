import { Char, isSpace, skipSpace, UNUSUAL } from "./characters";
import { isWord } from "./scan-integers";
import { endOfPlainText, knownTexts } from "./scan-text";

/** Thrown by scanners only: what follows is for the exact parser. One object, because it is thrown for its speed. */
export const UNUSUAL_REQUEST = new Error("unusual");

const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");

/** Digits of the longest integer that is read here; larger dimensions are refused by the exact parser. */
const MOST_DIGITS = 15;

/** Goes through JSON byte by byte; whatever is not as expected is unusual. */
export class JsonCursor {
  protected at = 0;
  /** Of the JSON text, without trailing white space; its last byte is a `}`, which stops every scan. */
  protected readonly end: number;

  constructor(
    protected readonly bytes: Buffer,
    length: number,
  ) {
    let end = length;
    while (end > 0 && isSpace(bytes[end - 1]!)) end--;
    if (end === 0 || bytes[end - 1] !== Char.CloseObject) throw UNUSUAL_REQUEST;
    this.end = end;
  }

  /** Notes where an array begins and goes past it; strings, whose brackets would mislead, are not for here. */
  protected skipArray(): number {
    const { bytes } = this;
    let at = (this.at = skipSpace(bytes, this.at));
    if (bytes[at] !== Char.OpenArray) throw UNUSUAL_REQUEST;
    let depth = 0;
    do {
      const code = bytes[at++];
      if (code === Char.OpenArray) depth++;
      else if (code === Char.CloseArray) depth--;
      else if (code === Char.Quote || code === Char.CloseObject || code === undefined) throw UNUSUAL_REQUEST;
    } while (depth > 0);
    const position = this.at;
    this.at = at;
    return position;
  }

  /** Whether the object ends before its first key. */
  protected closes(): boolean {
    const at = skipSpace(this.bytes, this.at);
    if (this.bytes[at] !== Char.CloseObject) return false;
    this.at = at + 1;
    return true;
  }

  protected integer(): number {
    const { bytes } = this;
    const start = skipSpace(bytes, this.at);
    let at = start;
    let value = 0;
    let digit = bytes[at]! - Char.Zero;
    while (digit >>> 0 <= 9) {
      value = value * 10 + digit;
      digit = bytes[++at]! - Char.Zero;
    }
    const digits = at - start;
    if (digits === 0 || digits > MOST_DIGITS || (digits > 1 && bytes[start] === Char.Zero))
      throw UNUSUAL_REQUEST;
    this.at = at;
    return value;
  }

  protected boolean(): boolean {
    const at = skipSpace(this.bytes, this.at);
    const value = isWord(this.bytes, at, TRUE);
    if (!value && !isWord(this.bytes, at, FALSE)) throw UNUSUAL_REQUEST;
    this.at = at + (value ? TRUE.length : FALSE.length);
    return value;
  }

  protected text(): string {
    const { bytes } = this;
    const at = skipSpace(bytes, this.at);
    if (bytes[at] !== Char.Quote) throw UNUSUAL_REQUEST;
    const end = endOfPlainText(bytes, at + 1, this.end);
    if (end === UNUSUAL) throw UNUSUAL_REQUEST;
    this.at = end + 1;
    return knownTexts.get(bytes, at + 1, end);
  }

  protected key(): string {
    const key = this.text();
    this.expect(Char.Colon);
    return key;
  }

  protected expect(code: Char): void {
    const at = skipSpace(this.bytes, this.at);
    if (this.bytes[at] !== code) throw UNUSUAL_REQUEST;
    this.at = at + 1;
  }

  /** Whether a comma follows; else it must be the end of the array or object. */
  protected another(close: Char): boolean {
    const at = skipSpace(this.bytes, this.at);
    this.at = at + 1;
    if (this.bytes[at] === Char.Comma) return true;
    if (this.bytes[at] !== close) throw UNUSUAL_REQUEST;
    return false;
  }
}
