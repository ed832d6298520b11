/** Codes of the characters that JSON is made of. An enum that compilers replace by its numbers: loops depend on it. */
export const enum Char {
  Tab = 0x09,
  Newline = 0x0a,
  Return = 0x0d,
  Space = 0x20,
  Quote = 0x22,
  Plus = 0x2b,
  Comma = 0x2c,
  Minus = 0x2d,
  Point = 0x2e,
  Zero = 0x30,
  One = 0x31,
  Colon = 0x3a,
  CapitalE = 0x45,
  OpenArray = 0x5b,
  Backslash = 0x5c,
  CloseArray = 0x5d,
  SmallE = 0x65,
  SmallF = 0x66,
  SmallN = 0x6e,
  SmallT = 0x74,
  OpenObject = 0x7b,
  CloseObject = 0x7d,
  /** The last one of ASCII. */
  Delete = 0x7f,
}

/** What a scanner answers for anything that it leaves to the exact parser, be it valid or not. */
export const UNUSUAL = -1;

export function isSpace(code: number): boolean {
  return code === Char.Space || code === Char.Newline || code === Char.Return || code === Char.Tab;
}

/** The position of the first byte at or after `at` that is no white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  while (bytes[at]! <= Char.Space && isSpace(bytes[at]!)) at++;
  return at;
}

/** The position after the white space, the comma or nothing: what follows an element that is not the last one. */
export function afterElement(bytes: Uint8Array, at: number, last: boolean): number {
  if (bytes[at]! <= Char.Space) at = skipSpace(bytes, at);
  if (last) return bytes[at] === Char.CloseArray ? at : UNUSUAL;
  return bytes[at] === Char.Comma ? at + 1 : UNUSUAL;
}
