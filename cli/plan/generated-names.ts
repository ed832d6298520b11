import { nameOf, type StepRecord } from "../engine/events";

const MAKES = new Set(["create", "create-replacement", "replace"]);
const SUFFIX = /-[0-9a-f]{7,8}$/;

function* namesIn(inputs: Record<string, unknown>): Generator<string> {
  const metadata = inputs.metadata as { name?: unknown } | null | undefined;
  for (const value of [...Object.values(inputs), metadata?.name]) if (typeof value === "string") yield value;
}

/** Names that this plan would give, and that the next run of the same plan would give otherwise. */
function generatedNames(steps: readonly StepRecord[]): string[] {
  const names = new Set<string>();
  for (const { op, urn, inputs } of steps) {
    if (!MAKES.has(op)) continue;
    const logical = nameOf(urn);
    for (const name of namesIn(inputs)) {
      if (SUFFIX.test(name) && name.replace(SUFFIX, "") === logical) names.add(name);
    }
  }
  // The longest first: one may begin with another.
  return [...names].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/**
 * Puts `NAME-(generated)` for names with a random end, wherever they stand in a value: two runs of the same diff are
 * the same text.
 */
export function withoutGeneratedNames(steps: readonly StepRecord[]): <T>(value: T) => T {
  const names = generatedNames(steps);
  if (names.length === 0) return (value) => value;
  const pattern = new RegExp(names.map((name) => name.replace(/[^\w-]/g, "\\$&")).join("|"), "g");
  const walk = (value: unknown): unknown => {
    if (typeof value === "string")
      return value.replace(pattern, (name) => name.replace(SUFFIX, "-(generated)"));
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  return <T>(value: T) => walk(value) as T;
}
