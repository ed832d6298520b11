import { authorizationDefaultAllow } from "../../../../policies/rules/traffic/authorization-default-allow";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const authorization = (value: unknown) => set("security", "spec.authorization", value);
const allow = { action: "Allow", principal: { clientCIDRs: ["10.0.0.0/8"] } };
const deny = { ...allow, action: "Deny" };

describeRule(authorizationDefaultAllow, {
  good: {
    "denied by default": authorization({ defaultAction: "Deny", rules: [allow] }),
    "nothing set, which denies": authorization({ rules: [allow] }),
    "a list of whom to keep out": authorization({ defaultAction: "Allow", rules: [deny] }),
  },
  bad: {
    "rules that only allow": authorization({ defaultAction: "Allow", rules: [allow] }),
    "no rules": authorization({ defaultAction: "Allow" }),
  },
  partial: {
    "rules without an action": authorization({ defaultAction: "Allow", rules: [{ principal: {} }] }),
  },
  notJudged: { "an action of a wrong type": authorization({ defaultAction: true, rules: [] }) },
  unknown: {
    action: authorization({ defaultAction: UNKNOWN, rules: [allow] }),
    rules: authorization({ defaultAction: "Allow", rules: UNKNOWN }),
  },
});
