import { webAclRefusal } from "../../../../policies/rules/network/web-acl-refusal";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const acl = (props: object) => [
  put("webAcl", "aws:wafv2/webAcl:WebAcl", {
    arn: "arn:acl",
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    ...props,
  }),
  put("logs", "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", { resourceArn: "arn:acl" }),
];
const classic = (...rules: object[]) =>
  put("webAcl", "aws:wafregional/webAcl:WebAcl", { defaultAction: { type: "ALLOW" }, rules });
const separate = (webAclArn: unknown, action: object) =>
  put("rule", "aws:wafv2/webAclRule:WebAclRule", { webAclArn, action });

const rate = (action: unknown) => ({
  name: "rate",
  action,
  statement: { rateBasedStatement: { limit: 2000 } },
});
const GROUP = {
  name: "common",
  overrideAction: { none: {} },
  statement: { managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesCommonRuleSet" } },
};
const BLOCK = { block: {} };

describeRule(webAclRefusal, {
  good: {
    "a group": acl({ rules: [GROUP] }),
    "a rule": acl({ rules: [rate(BLOCK)] }),
    "a challenge": acl({ rules: [rate({ challenge: {} })] }),
    "blocks by default": acl({ defaultAction: BLOCK, rules: [rate({ allow: {} })] }),
    "a rule of its own": [...acl({}), separate("arn:acl", BLOCK)],
    "in JSON": acl({ ruleJson: JSON.stringify([{ Name: "rate", Action: { Block: {} } }]) }),
    classic: classic({ type: "RATE_BASED", action: { type: "BLOCK" }, ruleId: "1" }),
    "a classic group": classic({ type: "GROUP", overrideAction: { type: "NONE" }, ruleId: "1" }),
  },
  bad: {
    "no rules": acl({}),
    counts: acl({ rules: [rate({ count: {} })] }),
    allows: acl({ rules: [rate({ allow: {} })] }),
    classic: classic({ type: "REGULAR", action: { type: "COUNT" }, ruleId: "1" }),
    "of another": [...acl({}), separate("arn:other", BLOCK)],
  },
  partial: { "a rule of its own that counts": [...acl({}), separate("arn:acl", { count: {} })] },
  notJudged: { "no default": acl({ defaultAction: "allow" }) },
  unknown: {
    default: acl({ defaultAction: UNKNOWN }),
    rules: acl({ rules: UNKNOWN }),
    action: acl({ rules: [rate(UNKNOWN)] }),
    "whose rule it is": [...acl({}), separate(UNKNOWN, BLOCK)],
  },
});
