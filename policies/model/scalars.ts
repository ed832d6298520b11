import type { Field } from "./field";

/** A number, also one written as a text; NaN for anything else, absent included. @throws UnknownRead */
export function asNumber(field: Field): number {
  const value = field.value();
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
}

/** A text, also of a number or a boolean; empty for anything else. @throws UnknownRead */
export function asText(field: Field): string {
  const value = field.value();
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
}
