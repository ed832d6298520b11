export type PathSegment = string | number;

const SEGMENT = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g;
const PLAIN_KEY = /^[A-Za-z0-9_$-]+$/;

/** Splits a property path as the engine writes it: `spec.ports[0].name`, `data["ca.crt"]`. */
export function parsePath(path: string): PathSegment[] {
  return [...path.matchAll(SEGMENT)].map(([, quoted, index, key]) => {
    if (quoted !== undefined) return quoted.replace(/\\(.)/g, "$1");
    return index === undefined ? key! : Number(index);
  });
}

export function formatPath(path: readonly PathSegment[]): string {
  return path
    .map((segment, at) => {
      if (typeof segment === "number") return `[${segment}]`;
      if (!PLAIN_KEY.test(segment)) return `["${segment.replace(/["\\]/g, "\\$&")}"]`;
      return at === 0 ? segment : `.${segment}`;
    })
    .join("");
}

/** The value at a path; undefined where there is none. */
export function valueAt(root: unknown, path: readonly PathSegment[]): unknown {
  let value = root;
  for (const segment of path) {
    if (value === null || typeof value !== "object") return undefined;
    // `hasOwn`: a path is input, and `constructor` is no property of anybody's.
    value = Object.hasOwn(value, segment) ? (value as Record<PathSegment, unknown>)[segment] : undefined;
  }
  return value;
}

/** By code units: the order is the same on every machine, whatever its locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
