import type { Field } from "./field";

/** A number, also one written as a text; NaN for anything else, absent included. @throws UnknownRead */
export function asNumber(field: Field): number {
  const value = field.value();
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : NaN;
}

/** Whether a text stands here; an empty one is none, as providers see it. @throws UnknownRead */
export function hasText(field: Field): boolean {
  return (field.string() ?? "") !== "";
}

/** Whether a switch says off: `false`, or what providers read as that where it is written as a text. @throws UnknownRead */
export function saysOff(field: Field): boolean {
  return /^(?:0|f|false)$/i.test(asText(field));
}

/** A text, also of a number or a boolean; empty for anything else. @throws UnknownRead */
export function asText(field: Field): string {
  const value = field.value();
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
}
