import type { Field } from "./field";

/** The elements of a list, or what stands in its place alone: a few properties are spelt both ways. @throws UnknownRead */
export function oneOrMany(field: Field): Field[] {
  if (!field.exists()) return [];
  return Array.isArray(field.value()) ? field.items() : [field];
}
