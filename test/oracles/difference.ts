/**
 * Where two values of JSON differ first; undefined where they do not.
 * @param tolerance of numbers, as a part of the larger one, or of 1 where both are less
 */
export function firstDifference(
  before: unknown,
  now: unknown,
  tolerance: number,
  path = "",
): string | undefined {
  const at = path === "" ? "the whole" : path;
  if (typeof before === "number" && typeof now === "number") {
    const scale = Math.max(1, Math.abs(before), Math.abs(now));
    return Math.abs(before - now) <= tolerance * scale ? undefined : `${at} was ${before}, but is ${now}`;
  }
  if (typeof before !== "object" || before === null || typeof now !== "object" || now === null)
    return before === now ? undefined : `${at} was ${JSON.stringify(before)}, but is ${JSON.stringify(now)}`;
  const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
  for (const key of keys) {
    const inner = path === "" ? key : `${path}.${key}`;
    const [had, has] = [Object.hasOwn(before, key), Object.hasOwn(now, key)];
    if (!had || !has) return `${inner} is ${had ? "no longer there" : "new"}`;
    const difference = firstDifference(
      (before as Record<string, unknown>)[key],
      (now as Record<string, unknown>)[key],
      tolerance,
      inner,
    );
    if (difference !== undefined) return difference;
  }
  return undefined;
}
