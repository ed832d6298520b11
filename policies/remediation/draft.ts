import { isUnknown } from "../model/unknown";

/** Properties under repair. What is secret or not known yet is left as it is. */
export type Draft = Record<string, unknown>;

/** A plain object, and so none that stands for a secret or an asset. */
export function asDraft(value: unknown): Draft | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? (value as Draft) : undefined;
}

/** A copy down to the leaves, of plain objects and lists; anything else is shared, since nobody changes it. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item: unknown) => copyOf(item)) as T;
  const record = asDraft(value);
  if (!record) return value;
  return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, copyOf(item)])) as T;
}

/** The object below, made where there is none; undefined where something else stands there. */
export function objectAt(owner: Draft, key: string): Draft | undefined {
  if (owner[key] === undefined || owner[key] === null) owner[key] = {};
  return asDraft(owner[key]);
}

/** The object at the end of some steps, made where there is none. */
export function objectBelow(owner: Draft, ...keys: readonly string[]): Draft | undefined {
  return keys.reduce<Draft | undefined>((current, key) => current && objectAt(current, key), owner);
}

/** The object below, where there is one. */
export function existing(owner: Draft, ...keys: readonly string[]): Draft | undefined {
  return keys.reduce<Draft | undefined>((current, key) => current && asDraft(current[key]), owner);
}

/** Sets a value, unless the one there is not known yet. */
export function put(owner: Draft, key: string, value: unknown): void {
  if (!isUnknown(owner[key])) owner[key] = value;
}

/** The objects in a list; none where there is no list. */
export function objectsIn(value: unknown): Draft[] {
  return objectsAmong(Array.isArray(value) ? value : []);
}

function objectsAmong(values: readonly unknown[]): Draft[] {
  return values.map(asDraft).filter((draft) => draft !== undefined);
}

/** What a path leads to, where a step `*` stands for every item or entry. */
function valuesAt(owner: Draft, path: readonly string[]): unknown[] {
  return path.reduce<unknown[]>(
    (values, step) =>
      values.flatMap((value): unknown[] => {
        if (step !== "*") return [asDraft(value)?.[step]];
        return Array.isArray(value) ? value : Object.values(asDraft(value) ?? {});
      }),
    [owner],
  );
}

/** The objects that a path leads to, where a step `*` stands for every item or entry. */
export function objectsAt(owner: Draft, path: readonly string[]): Draft[] {
  return objectsAmong(valuesAt(owner, path));
}
