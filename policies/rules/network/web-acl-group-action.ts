import type { Field } from "../../model/field";
import { inputRule } from "../../model/input-rule";
import { aclRules, refusesItself } from "../../model/web-acl-rules";

/** Whether a rule lets requests through for good, or puts a label on them for others. @throws UnknownRead */
function allowsOrLabels(rule: Field): boolean {
  const action = rule.get("action");
  return (
    action.get("allow").exists() ||
    action.get("type").string() === "ALLOW" ||
    rule.get("ruleLabels").items().length > 0
  );
}

export const webAclGroupAction = inputRule(
  {
    id: "web-acl-group-action",
    title: "Rule groups do more than count",
    severity: "low",
    description:
      "A group whose every rule counts, and puts on no label, changes nothing for any request, in whatever web ACL it stands.",
    remediation: "rules: [{ …, action: { block: {} } }]",
    types: [
      "aws:wafv2/ruleGroup:RuleGroup",
      "aws:wafregional/ruleGroup:RuleGroup",
      "aws:waf/ruleGroup:RuleGroup",
    ],
    controls: [],
  },
  (fields) => {
    const rules = [
      ...aclRules(fields.get("rules"), fields.get("rulesJson")),
      ...fields.get("activatedRules").items(),
    ];
    return rules.length === 0 || rules.some((rule) => refusesItself(rule) || allowsOrLabels(rule))
      ? undefined
      : "must have a rule that does more than count.";
  },
);
