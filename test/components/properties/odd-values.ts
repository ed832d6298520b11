import * as fc from "fast-check";

/** Values that a field of their type may or may not take: empty, too long, of another alphabet, at the edges of what is counted. */
const TEXTS = [
  "",
  " ",
  "A B",
  "-a",
  "a/b",
  "a,b",
  "ü",
  "x".repeat(300),
  "0",
  "1e3",
  "99999999Gi",
  "a\nb",
  '"',
];
const NUMBERS = [0, -1, 0.5, NaN, Infinity, 99_999, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER, 1e21];

type Path = readonly string[];

/** Where texts and numbers are. */
function leaves(value: unknown, path: Path = []): Path[] {
  if (typeof value === "string" || typeof value === "number") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => leaves(item, [...path, key]));
}

function replaced(value: unknown, [key, ...rest]: Path, by: (old: unknown) => unknown): unknown {
  if (key === undefined) return by(value);
  const changed = replaced((value as Record<string, unknown>)[key], rest, by);
  if (Array.isArray(value)) return value.with(Number(key), changed);
  return { ...(value as object), [key]: changed };
}

/** Good values of which one text or number is an odd one. */
export function withOddValue<T extends object>(good: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc
    .tuple(good, fc.nat(), fc.constantFrom(...TEXTS), fc.constantFrom(...NUMBERS))
    .map(([value, which, text, number]) => {
      const paths = leaves(value);
      const path = paths[which % paths.length] ?? [];
      return replaced(value, path, (old) => (typeof old === "string" ? text : number)) as T;
    });
}
