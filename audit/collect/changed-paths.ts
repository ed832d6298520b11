import { compareText } from "../render/order";
import { isObject } from "../json";
import type { CollectedFinding } from "./collected";

type Changes = NonNullable<CollectedFinding["remediated"]>;

/** A remediation touches few properties; deeper than this, the whole value is one change. */
const MAX_DEPTH = 30;

/** The properties in which two values differ, in the order of their paths. What is not there has no side. */
export function changedPaths(before: unknown, after: unknown, path = "", depth = 0): Changes {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (depth < MAX_DEPTH && isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
    return keys.flatMap((key) =>
      changedPaths(own(before, key), own(after, key), path === "" ? key : `${path}.${key}`, depth + 1),
    );
  }
  if (depth < MAX_DEPTH && Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, i) => changedPaths(item, after[i], `${path}[${i}]`, depth + 1));
  }
  return [{ path, before, after }];
}

const own = (value: Readonly<Record<string, unknown>>, key: string) =>
  Object.hasOwn(value, key) ? value[key] : undefined;
