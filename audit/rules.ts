import type { EnforcementLevel, PolicyPackConfig } from "@pulumi/policy";
import type { CatalogEntry } from "../policies/catalog";
import type { Rule, RuleConfig } from "../policies/model/rule";
import type { ReportedRule } from "./report";

/** A rule with what the configuration makes of it. */
export interface ConfiguredRule {
  readonly rule: Rule;
  readonly enforcement: EnforcementLevel;
  readonly config: RuleConfig;
}

/** The catalog without any configuration. */
export function unconfigured(catalog: readonly CatalogEntry[]): ConfiguredRule[] {
  return catalog.map(({ rule, enforcement }) => ({ rule, enforcement, config: {} }));
}

/** Rules under checked settings: a rule's id → a level, or an object of `enforcementLevel` and parameters. */
export function withSettings(
  rules: readonly ConfiguredRule[],
  settings: Readonly<PolicyPackConfig>,
): ConfiguredRule[] {
  return rules.map((entry) => {
    const given = Object.hasOwn(settings, entry.rule.id) ? settings[entry.rule.id] : undefined;
    if (given === undefined) return entry;
    const { enforcementLevel = entry.enforcement, ...own } =
      typeof given === "string" ? { enforcementLevel: given } : given;
    return { rule: entry.rule, enforcement: enforcementLevel, config: { ...entry.config, ...own } };
  });
}

export function reportedRule({ rule, enforcement, config }: ConfiguredRule): ReportedRule {
  const { id, title, severity, description, remediation, types, controls, waivable = true } = rule;
  const parameters = { ...defaultsOf(rule), ...config };
  return {
    id,
    title,
    severity,
    enforcement,
    description,
    remediation,
    types,
    controls,
    waivable,
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
}

/** What a rule takes for a parameter that nobody set. */
function defaultsOf({ configSchema }: Rule): RuleConfig {
  const declared = Object.entries(configSchema?.properties ?? {});
  return Object.fromEntries(
    declared.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value as unknown]])),
  );
}
