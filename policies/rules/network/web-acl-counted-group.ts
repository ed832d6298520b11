import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";
import {
  aclRules,
  isCounted,
  refusesItself,
  SEPARATE_RULE_TYPES,
  WEB_ACL_TYPES,
} from "../../model/web-acl-rules";

interface Asked {
  readonly rule: Field;
  readonly all: readonly Field[];
}

/** Whether a rule refuses by the labels that others put on. @throws UnknownRead */
function refusesByLabel(rule: Field): boolean {
  return (
    refusesItself(rule) && JSON.stringify(rule.get("statement").value() ?? {}).includes("labelMatchStatement")
  );
}

export const webAclCountedGroup = eachRule<Asked>(
  {
    id: "web-acl-counted-group",
    title: "Rule groups of web ACLs refuse what they match",
    severity: "medium",
    description:
      "A group that is overridden to count, or all of whose rules are, shows attacks in a metric and lets them through.",
    remediation:
      "overrideAction: { none: {} } // and ruleActionOverrides for the single rule that matches what is wanted",
    types: [...WEB_ACL_TYPES, ...SEPARATE_RULE_TYPES],
    controls: [],
  },
  (fields, { type }) => {
    if (SEPARATE_RULE_TYPES.includes(type)) return [{ rule: fields, all: [] }];
    const all = aclRules(fields.get("rules"), fields.get("ruleJson"));
    return all.map((rule) => ({ rule, all }));
  },
  ({ rule, all }) => {
    // A counted group still puts on its labels, and a later rule may refuse by them.
    if (!isCounted(rule) || all.some(refusesByLabel)) return undefined;
    const name = ["name", "ruleName", "ruleId"].map((key) => rule.get(key)).find((field) => field.exists());
    return `must not only count what a rule group matches (rule \`${name?.show() ?? rule.path}\`).`;
  },
);
