import type { EnforcementLevel } from "@pulumi/policy";
import type { Rule } from "../model/rule";

/** A rule as the pack binds it. */
export interface CatalogEntry {
  readonly rule: Rule;
  readonly enforcement: EnforcementLevel;
}

/** A violation stops the preview or update. */
export function mandatory(rule: Rule): CatalogEntry {
  return { rule, enforcement: "mandatory" };
}

/** A violation is a warning. */
export function advisory(rule: Rule): CatalogEntry {
  return { rule, enforcement: "advisory" };
}
