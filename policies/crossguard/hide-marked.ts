import { Secret } from "@pulumi/policy";
import { isRecord } from "../model/field";
import { UNKNOWN } from "../model/unknown";
import { unwrapAll } from "../model/unwrap";

/** Properties that the SDK has marked the secrets of, with each of these as a value that nobody knows. */
export function hideMarked(properties: Record<string, unknown>): unknown {
  return hide(unwrapAll(properties));
}

function hide(value: unknown): unknown {
  if (value instanceof Secret) return UNKNOWN;
  if (Array.isArray(value)) return value.map(hide);
  // What is of a class of its own, such as an asset, has no properties that rules read.
  if (!isRecord(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item)]));
}
