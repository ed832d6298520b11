import { Field, isRecord } from "./field";
import { documentOf } from "./iam-statements";
import { MANAGED_RULE_GROUPS } from "./managed-rule-groups";

export const WEB_ACL_TYPES = [
  "aws:wafv2/webAcl:WebAcl",
  "aws:wafregional/webAcl:WebAcl",
  "aws:waf/webAcl:WebAcl",
];

/** Resources that put a rule into a web ACL which is declared elsewhere. */
export const SEPARATE_RULE_TYPES = [
  "aws:wafv2/webAclRule:WebAclRule",
  "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation",
];

/** Actions that keep a request back. */
const REFUSALS = ["block", "captcha", "challenge"];

/** AWS' own JSON writes `OverrideAction` where the provider has `overrideAction`. */
function withPropertyNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withPropertyNames);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.charAt(0).toLowerCase() + key.slice(1),
      withPropertyNames(item),
    ]),
  );
}

/** The rules of a web ACL, from its list and from its JSON. @throws UnknownRead */
export function aclRules(list: Field, json: Field): Field[] {
  const parsed = withPropertyNames(documentOf(json).value());
  return [...list.items(), ...new Field(parsed, json.path).items()];
}

/** The rule group that a rule asks, however it is written; what does not exist where it asks none. @throws UnknownRead */
export function groupOf(rule: Field): Field {
  const places = [
    rule.get("statement", "managedRuleGroupStatement"),
    rule.get("statement", "ruleGroupReferenceStatement"),
    rule.get("managedRuleGroup"),
    rule.get("ruleGroupReference"),
  ];
  return places.find((place) => place.exists()) ?? places[0]!;
}

/** Whether every rule of a group, by its names, is told to count. @throws UnknownRead */
function countsEachRule(group: Field): boolean {
  const rules = MANAGED_RULE_GROUPS[group.get("name").string() ?? ""];
  if (!rules) return false;
  const counted = new Set([
    ...group
      .get("ruleActionOverrides")
      .items()
      .filter((override) => override.get("actionToUse", "count").exists())
      .map((override) => override.get("name").string()),
    ...group
      .get("excludedRules")
      .items()
      .map((excluded) => excluded.get("name").string()),
  ]);
  return rules.every((name) => counted.has(name));
}

/** Whether a rule group only counts what it would refuse. @throws UnknownRead */
export function isCounted(rule: Field): boolean {
  const override = rule.get("overrideAction");
  if (override.get("count").exists()) return true;
  // Classic web ACLs say it by a type, associations by a word.
  if (/^count$/i.test(override.get("type").string() ?? override.string() ?? "")) return true;
  return countsEachRule(groupOf(rule));
}

/** Whether a rule refuses by an action of its own. @throws UnknownRead */
export function refusesItself(rule: Field): boolean {
  const action = rule.get("action");
  return REFUSALS.some((name) => action.get(name).exists()) || action.get("type").string() === "BLOCK";
}

/** Whether a rule keeps any request back. @throws UnknownRead */
export function refuses(rule: Field): boolean {
  if (refusesItself(rule)) return true;
  const asksGroup = groupOf(rule).exists() || rule.get("type").string() === "GROUP";
  return asksGroup && !isCounted(rule);
}
