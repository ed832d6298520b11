import { catalog } from "../catalog";
import type { Rule } from "../model/rule";
import { nearNames } from "./near-names";

const rules = new Map(catalog.map((entry) => [entry.rule.id, entry.rule]));

/**
 * The pack's rule of an id, for `runRule`.
 * @throws where the pack has no such rule; the message names those that are nearly called so
 */
export function rule(id: string): Rule {
  const found = rules.get(id);
  if (found) return found;
  const near = nearNames(id, rules.keys()).map((name) => `\`${name}\``);
  const hint = near.length > 0 ? ` Is it ${near.join(" or ")}?` : "";
  throw new RangeError(
    `\`id\` (${id}) is no rule of the pack: docs/reference/policies.md lists them.${hint}`,
  );
}
