import type { PathSegment } from "./paths";
import { compareText, parsePath, valueAt } from "./paths";
import type { ResourceChange } from "./steps";
import { isMarkedSecret, isSecret, isUnknown, pathText, SECRET, shown, type Shown } from "./values";

export interface PropertyChange {
  /** As the engine writes paths; below a text that holds JSON, the path inside it. */
  path: string;
  kind: "add" | "update" | "delete";
  /** Undefined where it was not there. */
  from?: Shown;
  /** Undefined where it goes. */
  to?: Shown;
  /** It cannot be changed in place. */
  replaces: boolean;
}

/** The raw values beside what is shown, for whoever judges the change. Never leaves the program. */
export interface PropertyDelta extends PropertyChange {
  segments: readonly PathSegment[];
  before: unknown;
  after: unknown;
}

const isComposite = (value: unknown): value is object => value !== null && typeof value === "object";

function parsedJson(value: unknown): object | undefined {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value) || isUnknown(value)) return undefined;
  try {
    const parsed: unknown = JSON.parse(value);
    return isComposite(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function keysOf(value: object): PathSegment[] {
  if (Array.isArray(value)) return value.map((_, at) => at);
  return Object.keys(value).filter((key) => !key.startsWith("__"));
}

interface Leaf {
  path: PathSegment[];
  before: unknown;
  after: unknown;
}

/** The leaves in which two values differ. A secret, an unknown value and an empty container are leaves. */
function* leaves(before: unknown, after: unknown, path: PathSegment[]): Generator<Leaf> {
  const [old, next] = [parsedJson(before) ?? before, parsedJson(after) ?? after];
  const whole = isMarkedSecret(old) || isMarkedSecret(next);
  if (isComposite(old) && isComposite(next) && !whole && Array.isArray(old) === Array.isArray(next)) {
    const keys = new Set([...keysOf(old), ...keysOf(next)]);
    for (const key of keys) yield* leaves(valueAt(old, [key]), valueAt(next, [key]), [...path, key]);
  } else if (!Object.is(old, next) && JSON.stringify(old) !== JSON.stringify(next)) {
    yield { path, before, after };
  }
}

const startsWith = (path: readonly PathSegment[], prefix: readonly PathSegment[]) =>
  prefix.every((segment, at) => path[at] === segment);

/** Where to look for differences: where the provider says that there are some, everywhere if it says nothing. */
function rootsOf({ diff, replaceKeys }: ResourceChange): ResourceChange["diff"] {
  const said = Object.keys(diff).map(parsePath);
  const unsaid = replaceKeys.filter(
    (key) => !said.some((root) => startsWith(root, parsePath(key)) || startsWith(parsePath(key), root)),
  );
  const forced = Object.fromEntries(unsaid.map((key) => [key, { diffKind: "update-replace" }]));
  return said.length + unsaid.length > 0 ? { ...diff, ...forced } : { "": { diffKind: "update" } };
}

/** The properties in which a changed resource differs, sorted by path. A creation and a deletion have none. */
export function propertyDeltas(change: ResourceChange): PropertyDelta[] {
  const { before, after, type } = change;
  if (before === undefined || after === undefined) return [];
  const forced = change.replaceKeys.map(parsePath);
  const found = new Map<string, PropertyDelta>();
  const put = ({ path, before: old, after: next }: Leaf, replaces: boolean, from: unknown) => {
    const key = pathText(path);
    const kind =
      old === next ? "update" : old === undefined ? "add" : next === undefined ? "delete" : "update";
    const known = found.get(key);
    // A value that becomes a secret most likely was the same one before.
    const hidden = isSecret(old, type, path, from) || isSecret(next, type, path, after);
    const show = (value: unknown, inputs: unknown) => (hidden ? SECRET : shown(value, type, path, inputs));
    found.set(key, {
      path: key,
      kind,
      ...(old === undefined ? {} : { from: show(old, from) }),
      ...(next === undefined ? {} : { to: show(next, after) }),
      replaces: replaces || known?.replaces === true,
      segments: path,
      before: old,
      after: next,
    });
  };
  for (const [text, { diffKind, inputDiff }] of Object.entries(rootsOf(change))) {
    const root = parsePath(text);
    const from = inputDiff === false ? (change.outputsBefore ?? before) : before;
    const pair = { path: root, before: valueAt(from, root), after: valueAt(after, root) };
    const below = [...leaves(pair.before, pair.after, root)];
    const isForced = (path: readonly PathSegment[]) =>
      diffKind.endsWith("-replace") || forced.some((key) => startsWith(path, key) || startsWith(key, path));
    // Two masked secrets look alike; that they differ is what the provider said.
    const alike = below.length === 0 && root.length > 0;
    for (const leaf of alike ? [pair] : below) put(leaf, isForced(leaf.path), from);
  }
  return [...found.values()].sort((a, b) => compareText(a.path, b.path));
}

/**
 * An object that comes or goes as a whole, or of which only the update can know one side, as the properties in it: rules are about
 * those. A list's members stay whole, a new container being no change of what an old one asks for.
 */
export function leafDeltas(delta: PropertyDelta): PropertyDelta[] {
  const { before, after, segments } = delta;
  const whole = tellsNothing(before) ? after : tellsNothing(after) ? before : undefined;
  if (!isComposite(whole) || Array.isArray(whole) || isMarkedSecret(whole)) return [delta];
  const keys = keysOf(whole);
  if (keys.length === 0 || typeof segments.at(-1) === "number") return [delta];
  return keys.flatMap((key) =>
    leafDeltas({
      ...delta,
      segments: [...segments, key],
      before: isUnknown(before) ? before : valueAt(before, [key]),
      after: isUnknown(after) ? after : valueAt(after, [key]),
    }),
  );
}

/** True for a side that names no properties: the other one says which there are. */
const tellsNothing = (side: unknown): boolean => side === undefined || side === null || isUnknown(side);

/** Without what must not leave the program. */
export function publicChange({ path, kind, from, to, replaces }: PropertyDelta): PropertyChange {
  return {
    path,
    kind,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    replaces,
  };
}
