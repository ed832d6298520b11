/** A value that the engine does not know yet, e.g. an output of a resource that a preview has not created. */
export class Unknown {
  readonly kind = "unknown";
}
export const UNKNOWN = new Unknown();

/** A value that must never be shown, and is encrypted in the state. */
export class Secret {
  readonly kind = "secret";
  constructor(readonly value: Value) {}
}

/** A file's content: exactly one of `text`, `path` and `uri` is set. */
export class Asset {
  readonly kind = "asset";
  constructor(
    readonly fields: {
      readonly hash?: string;
      readonly text?: string;
      readonly path?: string;
      readonly uri?: string;
    },
  ) {}
}

/** A set of files: exactly one of `assets`, `path` and `uri` is set. */
export class Archive {
  readonly kind = "archive";
  constructor(
    readonly fields: {
      readonly hash?: string;
      readonly assets?: { readonly [name: string]: Value };
      readonly path?: string;
      readonly uri?: string;
    },
  ) {}
}

/** Another resource of the same stack. `id` is the empty string for a component. */
export class ResourceReference {
  readonly kind = "reference";
  constructor(
    readonly urn: string,
    readonly id: string | Unknown | undefined,
    readonly packageVersion: string,
  ) {}
}

/** What a property may hold once decoded. `undefined` members of objects are dropped when encoded. */
export type Value =
  | null
  | undefined
  | boolean
  | number
  | string
  | Unknown
  | Secret
  | Asset
  | Archive
  | ResourceReference
  | readonly Value[]
  | { readonly [key: string]: Value };

/** The properties of one resource, or the arguments of one function. */
export type Properties = { [key: string]: Value };

export function isUnknown(value: unknown): value is Unknown {
  return value instanceof Unknown;
}

export function isSecret(value: unknown): value is Secret {
  return value instanceof Secret;
}

/** A plain JSON object: neither a list nor one of the classes of this file. */
export function isObject(value: unknown): value is { readonly [key: string]: Value } {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

export function isList(value: unknown): value is readonly Value[] {
  return Array.isArray(value);
}

/** The value without the secret around it; secrets further inside stay. */
export function unwrap(value: Value): Exclude<Value, Secret> {
  let inner = value;
  while (isSecret(inner)) inner = inner.value;
  return inner as Exclude<Value, Secret>;
}

function children(value: Value): readonly Value[] {
  if (isSecret(value)) return [value.value];
  if (isList(value)) return value;
  if (value instanceof Archive) return Object.values(value.fields.assets ?? {});
  return isObject(value) ? Object.values(value) : [];
}

/** True where the value, or anything inside it, is not known yet. */
export function hasUnknown(value: Value): boolean {
  if (value instanceof ResourceReference) return isUnknown(value.id);
  return isUnknown(value) || children(value).some(hasUnknown);
}

/** True where the value, or anything inside it, is secret. */
export function hasSecret(value: Value): boolean {
  return isSecret(value) || children(value).some(hasSecret);
}

function mapChildren(value: Value, map: (value: Value) => Value): Value {
  if (isList(value)) return value.map(map);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(member)]));
}

/** A copy without any secret marks. What it returns must not be logged nor stored. */
export function reveal<T extends Value>(value: T): T;
export function reveal(value: Value): Value {
  return mapChildren(unwrap(value), reveal);
}

/**
 * Marks as secret in `target` whatever is secret in `pattern`. Used on what an API returned, which does not know
 * that the input it echoes was secret.
 */
export function markSecrets(target: Value, pattern: Value): Value {
  if (target === undefined) return undefined;
  if (isSecret(pattern)) return isSecret(target) ? target : new Secret(target);
  if (isSecret(target)) return target;
  if (isList(target) && isList(pattern)) {
    return target.map((item, index) => markSecrets(item, pattern[index]));
  }
  if (isObject(target) && isObject(pattern)) {
    const entries = Object.entries(target);
    return Object.fromEntries(entries.map(([key, member]) => [key, markSecrets(member, pattern[key])]));
  }
  return target;
}

function withoutUndefined(value: { readonly [key: string]: Value }): [string, Value][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}

/** Deep equality that looks through secrets. An unknown equals nothing, itself included. */
export function sameValue(left: Value, right: Value): boolean {
  const a = unwrap(left);
  const b = unwrap(right);
  if (isUnknown(a) || isUnknown(b)) return false;
  if (a === b) return true;
  if (isList(a) && isList(b)) {
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  }
  if (isObject(a) && isObject(b)) {
    const [some, others] = [withoutUndefined(a), withoutUndefined(b)];
    return some.length === others.length && some.every(([key, member]) => sameValue(member, b[key]));
  }
  if (a instanceof Asset && b instanceof Asset) return sameFile(a.fields, b.fields);
  if (a instanceof Archive && b instanceof Archive) return sameFile(a.fields, b.fields);
  return a instanceof ResourceReference && b instanceof ResourceReference && a.urn === b.urn && a.id === b.id;
}

/** The engine fills in hashes; without them the fields decide. */
function sameFile(
  a: { readonly hash?: string; readonly [key: string]: Value },
  b: { readonly hash?: string; readonly [key: string]: Value },
): boolean {
  return a.hash !== undefined && b.hash !== undefined ? a.hash === b.hash : sameValue({ ...a }, { ...b });
}
