import { webAclGroupAction } from "../../../../policies/rules/network/web-acl-group-action";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const group = (rules: unknown, more: object = {}) =>
  put("group", "aws:wafv2/ruleGroup:RuleGroup", { capacity: 10, scope: "REGIONAL", rules, ...more });
const classic = (type: string) =>
  put("group", "aws:wafregional/ruleGroup:RuleGroup", {
    activatedRules: [{ ruleId: "1", action: { type } }],
  });

const COUNTS = { name: "a", action: { count: {} } };

describeRule(webAclGroupAction, {
  good: {
    blocks: group([COUNTS, { name: "b", action: { block: {} } }]),
    allows: group([{ name: "a", action: { allow: {} } }]),
    labels: group([{ ...COUNTS, ruleLabels: [{ name: "team:bot" }] }]),
    empty: group([]),
    "a classic one": classic("BLOCK"),
  },
  bad: {
    counts: group([COUNTS]),
    "in JSON": group(undefined, { rulesJson: JSON.stringify([{ Name: "a", Action: { Count: {} } }]) }),
    "a classic one": classic("COUNT"),
  },
  partial: { "each of two": group([COUNTS, { ...COUNTS, name: "b" }]) },
  notJudged: { "no list": group("block") },
  unknown: { rules: group(UNKNOWN), action: group([{ name: "a", action: UNKNOWN }]) },
});
