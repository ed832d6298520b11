import type { Field } from "./field";

/** A single value, or one that is not known yet, with its path from where the search began. */
export interface Leaf {
  readonly path: string;
  readonly field: Field;
}

/** Every single value below a field. */
export function leavesBelow(field: Field, path = ""): Leaf[] {
  const children: [string, Field][] = field.isUnknown
    ? []
    : [...field.entries(), ...field.items().map((item, i): [string, Field] => [String(i), item])];
  if (children.length === 0) return [{ path, field }];
  return children.flatMap(([key, child]) => leavesBelow(child, path === "" ? key : `${path}.${key}`));
}
