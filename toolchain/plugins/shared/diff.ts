import type { DiffKind, DiffResult, PropertyDiff } from "./provider";
import { isList, isObject, isUnknown, sameValue, unwrap } from "./values";
import type { Properties, Value } from "./values";

export type PathElement = string | number;

/** Writes a property path as the engine reads it: `spec.ports[0]["a.b"]`. */
export function formatPath(path: readonly PathElement[]): string {
  return path.reduce<string>((text, element) => {
    if (typeof element === "number") return `${text}[${element}]`;
    if (/[."[\]]/.test(element) || element === "") return `${text}[${JSON.stringify(element)}]`;
    return text === "" ? element : `${text}.${element}`;
  }, "");
}

interface Change {
  readonly path: readonly PathElement[];
  readonly kind: "add" | "delete" | "update";
}

function absent(value: Value): boolean {
  return value === undefined || value === null;
}

function* changesBetween(path: readonly PathElement[], before: Value, after: Value): Generator<Change> {
  const a = unwrap(before);
  const b = unwrap(after);
  if (absent(a) && absent(b)) return;
  if (absent(a)) yield { path, kind: "add" };
  else if (absent(b)) yield { path, kind: "delete" };
  else if (isObject(a) && isObject(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      yield* changesBetween([...path, key], a[key], b[key]);
    }
  } else if (isList(a) && isList(b)) {
    for (let index = 0; index < Math.max(a.length, b.length); index++) {
      yield* changesBetween([...path, index], a[index], b[index]);
    }
  } else if (isUnknown(b) || !sameValue(a, b)) yield { path, kind: "update" };
}

/**
 * What changes between two sets of inputs, leaf by leaf. Secrets are looked through. A new value that is not known
 * yet counts as a change: claiming that nothing changes would be the worse error. `null` equals absent.
 */
export function changes(before: Properties, after: Properties): Change[] {
  return [...changesBetween([], before, after)];
}

/**
 * A complete answer to Diff by deep comparison.
 * @param forcesReplacement whether a change at this path cannot be made in place
 */
export function diffInputs(
  before: Properties,
  after: Properties,
  forcesReplacement: (path: readonly PathElement[]) => boolean = () => false,
): DiffResult {
  const detailed: { [path: string]: PropertyDiff } = {};
  for (const { path, kind } of changes(before, after)) {
    const replace = forcesReplacement(path);
    detailed[formatPath(path)] = { kind: (replace ? `${kind}-replace` : kind) as DiffKind };
  }
  return { changes: Object.keys(detailed).length > 0, detailed };
}
