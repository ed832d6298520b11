import { isUtf8 } from "node:buffer";
import { invalid } from "../errors";
import { Char } from "./scan/characters";

export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses JSON that is nested no deeper than allowed.
 * @param bytes are UTF-8
 * @throws 400
 */
export function parseJson(bytes: Buffer, maxDepth: number): unknown {
  if (depthExceeds(bytes, maxDepth)) {
    throw invalid(
      `The request body is nested more than the ${maxDepth} levels deep that \`--max-json-depth\` allows.`,
    );
  }
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    throw invalid("The request body is not valid JSON.");
  }
}

/** The body of a request that may leave it out, as an object. @throws 400 */
export function parseOptionalObject(bytes: Buffer, maxDepth: number): JsonObject {
  if (bytes.length === 0) return {};
  if (!isUtf8(bytes)) throw invalid("The request body must be UTF-8.");
  const value = parseJson(bytes, maxDepth);
  if (!isJsonObject(value)) throw invalid("The request body must be a JSON object.");
  return value;
}

/** Counts brackets before anything is parsed, so that depth costs neither stack nor memory. */
function depthExceeds(bytes: Buffer, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at]!;
    if (code === Char.Quote) {
      at = endOfString(bytes, at);
    } else if (code === Char.OpenArray || code === Char.OpenObject) {
      if (++depth > most) return true;
    } else if (code === Char.CloseArray || code === Char.CloseObject) depth--;
  }
  return false;
}

/** The position of the quote that ends the string which begins at `start`; the end of the bytes where none does. */
function endOfString(bytes: Buffer, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== Char.Quote) at += bytes[at] === Char.Backslash ? 2 : 1;
  return at;
}
