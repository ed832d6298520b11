import { leavesBelow } from "./leaves";
import type { Subject } from "./subject";

export const HELM_TYPES = ["kubernetes:helm.sh/*:Release", "kubernetes:helm.sh/*:Chart"];

/** The values of a release or chart, by dotted path, down to what is neither object nor list. Unknown values are left out. */
export function valuesOf(subject: Subject): [path: string, value: unknown][] {
  // What is not known at all must be said to be so; a single unknown value comes from another resource.
  const values = subject.fields.get("values");
  if (!values.exists()) return [];
  return leavesBelow(values)
    .filter(({ field }) => !field.isUnknown)
    .map(({ path, field }) => [path, field.value()]);
}
