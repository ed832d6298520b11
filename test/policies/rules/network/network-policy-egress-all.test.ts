import { UNKNOWN } from "../../../../policies/testing";
import { networkPolicyEgressAll } from "../../../../policies/rules/network/network-policy-egress-all";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const egress = (...rules: unknown[]) => set("allow", "spec.egress", rules);
const dns = { ports: [{ port: 53, protocol: "UDP" }] };

describeRule(networkPolicyEgressAll, {
  good: { "DNS to everywhere": egress(dns) },
  bad: { empty: egress({}), "empty lists": egress({ to: [], ports: [] }) },
  partial: { "the second rule": egress(dns, {}) },
  wrongType: { "a text": egress({ to: "everywhere" }) },
  unknown: { rule: egress(UNKNOWN), to: egress({ to: UNKNOWN }) },
});
