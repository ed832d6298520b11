import { isUtf8 } from "node:buffer";
import { afterElement, Char, skipSpace, UNUSUAL } from "./characters";

/**
 * The position of the quote that ends the string whose text begins at `at`, where the text is printable ASCII without
 * escapes; else UNUSUAL.
 * @param end bytes that may be looked at
 */
export function endOfPlainText(bytes: Uint8Array, at: number, end: number): number {
  for (; at < end; at++) {
    const code = bytes[at]!;
    if (code === Char.Quote) return at;
    if (code === Char.Backslash || code < Char.Space || code > Char.Delete) return UNUSUAL;
  }
  return UNUSUAL;
}

/** Slots of the table of known texts; a power of two. */
const SLOTS = 512;
/** Bytes of the longest text that is kept. */
const LONGEST = 64;

/**
 * Gives the same string for the same bytes: names of models' tensors, datatypes and keys come again with every request.
 * Bounded: a text that hashes to a taken slot replaces what is there.
 */
class KnownTexts {
  private readonly texts = new Array<string>(SLOTS).fill("");

  /** @param bytes are ASCII from `from` to `to` */
  get(bytes: Buffer, from: number, to: number): string {
    const length = to - from;
    if (length > LONGEST) return bytes.toString("latin1", from, to);
    let hash = length;
    for (let at = from; at < to; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    const slot = (hash ^ (hash >>> 9)) & (SLOTS - 1);
    const known = this.texts[slot]!;
    if (known.length === length && matches(known, bytes, from)) return known;
    return (this.texts[slot] = bytes.toString("latin1", from, to));
  }
}

function matches(text: string, bytes: Uint8Array, from: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}

export const knownTexts = new KnownTexts();

/**
 * Reads the strings of one JSON array into `out[from..to)`. Escapes and anything but strings are left to the exact
 * parser.
 * @param bytes end with a `}`
 * @returns the position of the `]`, or UNUSUAL
 */
export function scanTexts(bytes: Buffer, at: number, out: string[], from: number, to: number): number {
  for (let i = from; i < to;) {
    if (bytes[at]! <= Char.Space) at = skipSpace(bytes, at);
    if (bytes[at] !== Char.Quote) return UNUSUAL;
    const start = ++at;
    let ascii = true;
    let code = bytes[at];
    while (code !== Char.Quote) {
      if (code === undefined || code === Char.Backslash || code < Char.Space) return UNUSUAL;
      if (code > Char.Delete) ascii = false;
      code = bytes[++at];
    }
    if (ascii) out[i++] = bytes.toString("latin1", start, at);
    else {
      if (!isUtf8(bytes.subarray(start, at))) return UNUSUAL;
      out[i++] = bytes.toString("utf8", start, at);
    }
    at = afterElement(bytes, at + 1, i === to);
    if (at === UNUSUAL) return UNUSUAL;
  }
  return at;
}
