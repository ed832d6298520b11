import { isRecord } from "../model/field";
import type { EnforcementLevel, PolicyPackConfig } from "@pulumi/policy";
import type { Rule } from "../model/rule";
import { SettingsError } from "./settings-error";

type Parameter = NonNullable<Rule["configSchema"]>["properties"][string];

const LEVELS: readonly EnforcementLevel[] = ["advisory", "mandatory", "remediate", "disabled"];
const SHAPE = `${LEVELS.join(", ")}, or an object with \`enforcementLevel\` and the rule's parameters`;

export function show(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What a parameter takes, in words. */
function wanted({ type, minimum, items, pattern }: Parameter): string {
  if (pattern !== undefined) return `a text that matches ${pattern}`;
  const one = type === "integer" ? "an integer" : `a ${type === "array" ? "list" : String(type)}`;
  const of = type === "array" && isRecord(items) ? ` of ${show(items["type"])}s` : "";
  return `${one}${of}${minimum === undefined ? "" : ` of at least ${minimum}`}`;
}

function fits({ type, minimum, items, pattern }: Parameter, value: unknown): boolean {
  if (pattern !== undefined && !(typeof value === "string" && new RegExp(pattern).test(value))) return false;
  const isEnough = minimum === undefined || (typeof value === "number" && value >= minimum);
  if (type === "integer") return Number.isInteger(value) && isEnough;
  if (type === "array") {
    const itemType = isRecord(items) ? items["type"] : undefined;
    return Array.isArray(value) && value.every((item) => itemType === undefined || typeof item === itemType);
  }
  return typeof value === type && isEnough;
}

function checkLevel(path: string, level: unknown, rule: Rule, canRemediate: (id: string) => boolean): void {
  if (typeof level !== "string" || !LEVELS.some((known) => known === level)) {
    throw new SettingsError(`${path}\` (${show(level)}) must be ${SHAPE}.`);
  }
  if (level === "remediate" && !canRemediate(rule.id)) {
    throw new SettingsError(
      `${path}\` (remediate) must be advisory, mandatory or disabled: what breaks this rule cannot be mended by the pack.`,
    );
  }
}

/**
 * Checks what somebody set per rule: an enforcement level, or an object with the level and parameters.
 * @param file where it stands, for messages: "settings.json: "
 * @throws SettingsError
 */
export function checkRuleSettings(
  file: string,
  given: unknown,
  rules: readonly Rule[],
  canRemediate: (id: string) => boolean,
): PolicyPackConfig {
  if (!isRecord(given))
    throw new SettingsError(`${file}\`rules\` (${show(given)}) must be an object with a key per rule.`);
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  for (const [id, value] of Object.entries(given)) {
    const place = `${file}\`rules.${id}`;
    const rule = known.get(id);
    if (!rule)
      throw new SettingsError(`${place}\` is no rule of the pack: docs/reference/policies.md lists them.`);
    if (!isRecord(value)) {
      checkLevel(place, value, rule, canRemediate);
      continue;
    }
    const parameters = rule.configSchema?.properties ?? {};
    for (const [name, setting] of Object.entries(value)) {
      const parameter = parameters[name];
      if (name === "enforcementLevel") checkLevel(`${place}.${name}`, setting, rule, canRemediate);
      else if (!parameter) {
        const names = ["enforcementLevel", ...Object.keys(parameters)];
        throw new SettingsError(`${place}.${name}\` is no setting of this rule: it has ${names.join(", ")}.`);
      } else if (!fits(parameter, setting)) {
        throw new SettingsError(`${place}.${name}\` (${show(setting)}) must be ${wanted(parameter)}.`);
      }
    }
  }
  return given as PolicyPackConfig;
}
