import { given } from "../../model/aws-links";
import { companionRule } from "../../model/companions";
import type { Subject } from "../../model/subject";
import { aclRules, refuses, SEPARATE_RULE_TYPES, WEB_ACL_TYPES } from "../../model/web-acl-rules";

/** @throws UnknownRead */
function allowsByDefault(acl: Subject): boolean {
  const action = given(acl, "defaultAction");
  return action.get("allow").exists() || action.get("type").string() === "ALLOW";
}

export const webAclRefusal = companionRule(
  {
    id: "web-acl-refusal",
    title: "Web ACLs refuse something",
    severity: "medium",
    description:
      "A web ACL that allows by default and whose rules allow or count is a filter in name: every request passes.",
    remediation:
      'rules: [{ …, overrideAction: { none: {} }, statement: { managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesCommonRuleSet" } } }]',
    types: WEB_ACL_TYPES,
    controls: [],
  },
  {
    types: SEPARATE_RULE_TYPES,
    property: "webAclArn",
    names: ["arn"],
    accepts: ({ fields }) => refuses(fields),
    isSpared: (acl) =>
      !allowsByDefault(acl) || aclRules(given(acl, "rules"), given(acl, "ruleJson")).some(refuses),
    missing: "must have a rule that blocks, or block by default.",
  },
);
