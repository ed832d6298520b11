import type { EnforcementLevel, PolicyPackConfig } from "@pulumi/policy";
import { type CatalogEntry, catalog } from "../catalog";
import { toPolicy } from "../crossguard/policy";
import type { Rule, RuleConfig } from "../model/rule";
import { asOf } from "../profiles/as-of";
import { bindProfiles } from "../profiles/profiles";
import { checkRuleSettings } from "../profiles/rule-settings";
import { checkSettings } from "../profiles/settings";
import { remediations } from "../remediation";
import type { Outcome } from "./outcome";
import type { PlainResource } from "./plain-resource";
import type { SetPolicy } from "./policy-options";
import { runPolicies } from "./run-policies";

/** What a file of settings says: see docs/reference/policies.md. */
export interface Settings {
  /** One profile or several. @default "baseline" */
  readonly profile?: string | readonly string[];
  /** By rule: a level, or an object with `enforcementLevel` and the rule's parameters. */
  readonly rules?: Readonly<PolicyPackConfig>;
}

export interface PackOptions {
  /** Rules with their levels, in the place of the pack's own. */
  readonly entries?: readonly CatalogEntry[];
  readonly settings?: Settings;
  readonly stackTags?: Readonly<Record<string, string>>;
  /**
   * The day as of which rules judge that ask for one, YYYY-MM-DD. The engine judges as of today, a test says the same every day.
   * @default the day on which the pack's tables were read
   */
  readonly asOf?: string;
}

const canRemediate = (id: string): boolean => remediations.has(id);

/**
 * Runs every rule of the pack that the settings do not disable, the way the engine would for these resources.
 * @throws where the settings make no sense, as the pack does
 */
export async function runPack(
  resources: readonly PlainResource[],
  options: PackOptions = {},
): Promise<Outcome[]> {
  const { entries = catalog, settings = {}, stackTags = {}, asOf: day } = options;
  const rules = entries.map(({ rule }) => rule);
  const { profiles, rules: checked } = checkSettings("settings", { ...settings }, rules, canRemediate);
  if (day !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(day))
    throw new RangeError(`\`asOf\` (${day}) must be a day, as in 2026-08-22.`);
  const byRule = day === undefined ? checked : asOf(checked, rules, day);
  const bound = bindProfiles(entries, profiles);
  return runPolicies(
    bound.map(({ rule, enforcement }) => configured(rule, enforcement, byRule[rule.id], stackTags)),
    resources,
  );
}

/**
 * Runs one rule, the way the engine would for these resources.
 * @throws where the rule has no such parameter, or it cannot have such a value
 */
export async function runRule(
  rule: Rule,
  resources: readonly PlainResource[],
  config: RuleConfig = {},
  enforcement: EnforcementLevel = "mandatory",
): Promise<Outcome[]> {
  checkRuleSettings("", { [rule.id]: config }, [rule], canRemediate);
  return runPolicies([configured(rule, enforcement, { ...config })], resources);
}

function configured(
  rule: Rule,
  enforcement: EnforcementLevel,
  given: PolicyPackConfig[string] = {},
  stackTags: Readonly<Record<string, string>> = {},
): SetPolicy {
  const { enforcementLevel = enforcement, ...config } =
    typeof given === "string" ? { enforcementLevel: given } : given;
  return {
    policy: toPolicy(rule, enforcementLevel),
    options: { enforcement: enforcementLevel, config, stackTags },
  };
}
