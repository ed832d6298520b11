import { webAclCountedGroup } from "../../../../policies/rules/network/web-acl-counted-group";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

// Its logs are another rule's matter.
const logs = put("logs", "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {
  resourceArn: "arn:acl",
});
const acl = (rules: unknown, more: object = {}) => [
  put("webAcl", "aws:wafv2/webAcl:WebAcl", {
    arn: "arn:acl",
    scope: "REGIONAL",
    defaultAction: { block: {} },
    rules,
    ...more,
  }),
  logs,
];
const classic = (rule: object) =>
  put("webAcl", "aws:wafregional/webAcl:WebAcl", { defaultAction: { type: "BLOCK" }, rules: [rule] });

const group = (overrideAction: unknown, statement: object = {}) => ({
  name: "addresses",
  overrideAction,
  statement: {
    managedRuleGroupStatement: {
      vendorName: "AWS",
      name: "AWSManagedRulesAnonymousIpList",
      ...statement,
    },
  },
});
const NONE = { none: {} };
const COUNT = { count: {} };
const counted = (...names: string[]) => ({
  ruleActionOverrides: names.map((name) => ({ name, actionToUse: COUNT })),
});
const BY_LABEL = {
  name: "label",
  action: { block: {} },
  statement: { labelMatchStatement: { scope: "LABEL", key: "awswaf:managed:aws:anonymous-ip-list:" } },
};

describeRule(webAclCountedGroup, {
  good: {
    refuses: acl([group(NONE)]),
    "one of its rules counts": acl([group(NONE, counted("HostingProviderIPList"))]),
    "another rule refuses by its labels": acl([group(COUNT), BY_LABEL]),
    "a rule of one's own counts": acl([
      { name: "rate", action: COUNT, statement: { rateBasedStatement: {} } },
    ]),
    classic: classic({ type: "GROUP", overrideAction: { type: "NONE" }, ruleId: "1" }),
  },
  bad: {
    counts: acl([group(COUNT)]),
    "each of its rules counts": acl([group(NONE, counted("AnonymousIPList", "HostingProviderIPList"))]),
    "a group of one's own": acl([
      {
        name: "own",
        overrideAction: COUNT,
        statement: { ruleGroupReferenceStatement: { arn: "arn:group" } },
      },
    ]),
    "in JSON": acl(undefined, {
      ruleJson: JSON.stringify([
        {
          Name: "addresses",
          OverrideAction: { Count: {} },
          Statement: { ManagedRuleGroupStatement: { Name: "AWSManagedRulesAnonymousIpList" } },
        },
      ]),
    }),
    "a rule of its own": put("rule", "aws:wafv2/webAclRule:WebAclRule", {
      webAclArn: "arn:other",
      ...group(COUNT),
    }),
    "an association": put("rule", "aws:wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation", {
      webAclArn: "arn:other",
      ruleName: "addresses",
      managedRuleGroup: { vendorName: "AWS", name: "AWSManagedRulesAnonymousIpList" },
      overrideAction: "count",
    }),
    classic: classic({ type: "GROUP", overrideAction: { type: "COUNT" }, ruleId: "1" }),
  },
  partial: { "one of two": acl([group(NONE), group(COUNT)]) },
  notJudged: { "a list in its place": acl([group([COUNT])]), "no JSON": acl(undefined, { ruleJson: "x" }) },
  unknown: {
    rules: acl(UNKNOWN),
    override: acl([group(UNKNOWN)]),
    "another rule": acl([group(COUNT), { ...BY_LABEL, statement: UNKNOWN }]),
  },
});
