import { invalid } from "../errors";
import { exactInteger, writtenNumber } from "./exact-json";
import { isJsonObject, type JsonObject } from "./json-body";

const LEAST = -(2n ** 63n);
const LARGEST = 2n ** 64n - 1n;

/** Characters of a number that an error message repeats. */
const LONGEST = 40;

/**
 * A request's parameters with every digit of their integers: beyond 2^53 they are bigints, as those that come over gRPC.
 * @param parsed as JSON.parse gives them
 * @param marked gives the same with long numbers as marked strings; called where digits were lost only
 * @throws 400 for an integer beyond 64 bits
 */
export function exactParameters(parsed: JsonObject, marked: () => JsonObject): JsonObject {
  if (!holdsRounded(parsed)) return parsed;
  return Object.fromEntries(Object.entries(marked()).map(([name, value]) => [name, exactValue(name, value)]));
}

/** Whether there is a number, at any depth, that may not be the one that was written. */
function holdsRounded(value: unknown): boolean {
  if (typeof value === "number") {
    return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
  }
  if (typeof value !== "object" || value === null) return false;
  for (const inner of Object.values(value)) if (holdsRounded(inner)) return true;
  return false;
}

function exactValue(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((inner) => exactValue(name, inner));
  if (isJsonObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, exactValue(name, inner)]));
  }
  const text = writtenNumber(value);
  if (text === undefined) return value;
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  const integer = exactInteger(value);
  if (integer !== undefined && integer >= LEAST && integer <= LARGEST) return integer;
  if (Number.isFinite(number) && /[.eE]/.test(text)) return number;
  throw invalid(
    `The parameter \`${name.slice(0, LONGEST)}\` holds ${text.slice(0, LONGEST)}, which fits neither 64 bits nor a double; send it as a text.`,
  );
}

/** Parameters as JSON, which JSON.stringify does not write of bigints. */
export function parametersJson(parameters: Readonly<JsonObject>): string {
  for (const name in parameters) {
    const type = typeof parameters[name];
    if (type === "bigint" || type === "object") return exactText(parameters);
  }
  return JSON.stringify(parameters);
}

function exactText(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(exactText).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${exactText(inner)}`);
  return `{${members.join(",")}}`;
}
