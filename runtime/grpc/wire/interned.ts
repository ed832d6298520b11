/** Texts that come again and again, as names of models, tensors and datatypes do, are decoded once. */
const SLOTS = 256;

/** Bytes; longer ones are rarely names. */
const LONGEST = 48;

const keys: (Buffer | undefined)[] = new Array<Buffer | undefined>(SLOTS).fill(undefined);
const texts: string[] = new Array<string>(SLOTS).fill("");

/** The UTF-8 text between two offsets. The table has a fixed size; a text that shares a slot replaces the one before. */
export function interned(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length === 0) return "";
  if (length > LONGEST) return bytes.toString("utf8", start, end);
  const slot =
    (length * 31 + bytes[start]! * 7 + bytes[end - 1]! * 13 + bytes[start + (length >> 1)]! * 3) % SLOTS;
  const key = keys[slot];
  if (key !== undefined && same(key, bytes, start, length)) return texts[slot]!;
  const text = bytes.toString("utf8", start, end);
  keys[slot] = Buffer.from(bytes.subarray(start, end));
  texts[slot] = text;
  return text;
}

function same(key: Buffer, bytes: Buffer, start: number, length: number): boolean {
  if (key.length !== length) return false;
  for (let i = 0; i < length; i++) if (key[i] !== bytes[start + i]) return false;
  return true;
}
