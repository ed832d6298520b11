/** Characters of a text that an error message repeats. */
const LONGEST = 40;

/** A value from a request as an error message names it: short, however large or deeply nested the value is. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? JSON.stringify(value.slice(0, LONGEST)) : String(value);
}
