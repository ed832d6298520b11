import type { Field } from "./field";
import type { Subject } from "./subject";

export const HELM_TYPES = ["kubernetes:helm.sh/*:Release", "kubernetes:helm.sh/*:Chart"];

/** The values of a release or chart, by dotted path, down to what is neither object nor list. Unknown values are left out. */
export function valuesOf(subject: Subject): [path: string, value: unknown][] {
  const found: [string, unknown][] = [];
  const visit = (field: Field, path: string): void => {
    if (field.isUnknown) return;
    const entries = field.entries();
    const items = field.items();
    if (entries.length === 0 && items.length === 0) found.push([path, field.value()]);
    const below = (key: string): string => (path === "" ? key : `${path}.${key}`);
    for (const [key, child] of entries) visit(child, below(key));
    items.forEach((child, i) => visit(child, below(String(i))));
  };
  // What is not known at all must be said to be so; a single unknown value comes from another resource.
  const values = subject.fields.get("values");
  if (values.exists()) visit(values, "");
  return found;
}
