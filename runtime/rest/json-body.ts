import { isUtf8 } from "node:buffer";
import type { ByteShare } from "../dataplane/byte-budget";
import { invalid, ServerError } from "../errors";
import { Char } from "./scan/characters";

export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Bytes of V8's heap that an array or object takes however little is in it, and one more key of an object. Measured: `{},`
 * becomes 64 bytes for three of the body, so that bodies alone say little about the memory that they will take.
 */
const BYTES_PER_CONTAINER = 64;
const BYTES_PER_KEY = 128;

/**
 * Parses JSON that is nested no deeper than allowed and whose structure finds room in the memory that requests share.
 * @param bytes are UTF-8
 * @param share is charged with that room; left out, nothing is charged
 * @throws 400, 413 where the structure could never find room, 503 where it does not now
 */
export function parseJson(bytes: Buffer, maxDepth: number, share?: ByteShare): unknown {
  const size = structureOf(bytes, maxDepth);
  if (size === TOO_DEEP) {
    throw invalid(
      `The request body is nested more than the ${maxDepth} levels deep that \`--max-json-depth\` allows.`,
    );
  }
  if (share !== undefined) charge(share, size, "arrays, objects and keys", "send tensors flat or as bytes");
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw invalid("The request body is not valid JSON.");
  }
}

/** The body of a request that may leave it out, as an object. @throws 400 */
export function parseOptionalObject(bytes: Buffer, maxDepth: number, share?: ByteShare): JsonObject {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) throw invalid("The request body must be UTF-8.");
  const value = parseJson(bytes, maxDepth, share);
  if (!isJsonObject(value)) throw invalid("The request body must be a JSON object.");
  return value;
}

/**
 * @param what of the body takes the memory
 * @param instead what a client could do that takes less
 * @throws 413 where there will never be room, 503 where there is none now
 */
export function charge(share: ByteShare, size: number, what: string, instead: string): void {
  if (!share.couldTake(size)) {
    throw new ServerError(
      "PayloadTooLarge",
      `The body's ${what} take ${size} bytes of memory, which is more than \`--max-pending-bytes\` leaves for them; ${instead}.`,
    );
  }
  share.take(size);
}

const TOO_DEEP = -1;

/**
 * Bytes of memory that arrays, objects and keys will take, or TOO_DEEP. Counts brackets and colons before anything is parsed,
 * so that neither depth nor number costs stack or memory.
 */
function structureOf(bytes: Buffer, most: number): number {
  let depth = 0;
  let size = 0;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at]!;
    if (code === Char.Quote) {
      at = endOfString(bytes, at);
    } else if (code === Char.OpenArray || code === Char.OpenObject) {
      if (++depth > most) return TOO_DEEP;
      size += BYTES_PER_CONTAINER;
    } else if (code === Char.CloseArray || code === Char.CloseObject) depth--;
    else if (code === Char.Colon) size += BYTES_PER_KEY;
  }
  return size;
}

/** The position of the quote that ends the string which begins at `start`; the end of the bytes where none does. */
export function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== Char.Quote) at += bytes[at] === Char.Backslash ? 2 : 1;
  return at;
}
