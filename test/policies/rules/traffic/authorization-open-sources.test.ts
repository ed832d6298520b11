import { authorizationOpenSources } from "../../../../policies/rules/traffic/authorization-open-sources";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const rules = (...list: unknown[]) =>
  set("security", "spec.authorization", { defaultAction: "Deny", rules: list });
const allow = (clientCIDRs: unknown, more: Record<string, unknown> = {}) => ({
  action: "Allow",
  principal: { clientCIDRs, ...more },
});

describeRule(authorizationOpenSources, {
  good: {
    "an office": rules(allow(["203.0.113.0/24", "2001:db8::/32"])),
    "everyone with a claim": rules(
      allow(["0.0.0.0/0"], { jwt: { provider: "own", claims: [{ name: "team", values: ["a"] }] } }),
    ),
    "everyone is kept out": rules({ action: "Deny", principal: { clientCIDRs: ["::/0"] } }),
  },
  bad: {
    everyone: rules(allow(["0.0.0.0/0"])),
    "everyone by IPv6": rules(allow(["203.0.113.0/24", "::/0"])),
  },
  partial: { "one rule of two": rules(allow(["203.0.113.0/24"]), allow(["0.0.0.0/1", "128.0.0.0/1"])) },
  notJudged: { "a text instead of a list": rules(allow("0.0.0.0/0")) },
  unknown: { ranges: rules(allow(UNKNOWN)), action: rules({ ...allow(["0.0.0.0/0"]), action: UNKNOWN }) },
});
