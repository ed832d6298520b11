import { UNKNOWN } from "../../policies/model/unknown";
import { InputError } from "../input-error";
import type { JsonObject } from "../json";

/** Key by which the engine tells values of its own kinds from plain objects, and the kinds that it has for it. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** Deeper than any resource, and far from the end of the call stack. */
const MAX_DEPTH = 200;

/**
 * Properties of a state as rules are to read them. A secret is opaque, in plain text too: an auditor's report must be able to
 * be shown around, and so a rule that needs a secret's value cannot judge.
 */
export function plainValue(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) throw new InputError(`has properties nested deeper than ${MAX_DEPTH} levels`);
  if (Array.isArray(value)) return plainItems(value, depth);
  const object = value as JsonObject;
  const kind = Object.hasOwn(object, SIGNATURE) ? object[SIGNATURE] : undefined;
  if (kind === SECRET) return UNKNOWN;
  if (kind !== OUTPUT) return plainMembers(object, depth);
  return Object.hasOwn(object, "value") ? plainValue(object["value"], depth + 1) : UNKNOWN;
}

// A state is large, and few of its values are special: what has none of them is not copied.

function plainItems(items: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [i, item] of items.entries()) {
    const plain = plainValue(item, depth + 1);
    if (plain !== item) (copy ??= [...items])[i] = plain;
  }
  return copy ?? items;
}

function plainMembers(object: JsonObject, depth: number): JsonObject {
  let changed: Map<string, unknown> | undefined;
  for (const key of Object.keys(object)) {
    const plain = plainValue(object[key], depth + 1);
    if (plain !== object[key]) (changed ??= new Map<string, unknown>()).set(key, plain);
  }
  if (!changed) return object;
  // Not by assignment, to which `__proto__` would be no member.
  return Object.fromEntries(
    Object.entries(object).map(([key, item]) => [key, changed.has(key) ? changed.get(key) : item]),
  );
}
