import { UNKNOWN } from "../../../../policies/testing";
import { networkPolicyAllowAll } from "../../../../policies/rules/network/network-policy-allow-all";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(networkPolicyAllowAll, {
  good: {
    "every port for somebody": set("allow", "spec.ingress", [{ from: [{ podSelector: {} }] }]),
    nobody: set("allow", "spec.ingress", []),
  },
  bad: {
    empty: set("allow", "spec.ingress", [{}]),
    "every port by its number": set("allow", "spec.ingress", [{ ports: [{ port: 1, endPort: 65535 }] }]),
    "every port of TCP": set("allow", "spec.ingress", [{ ports: [{ protocol: "TCP" }] }]),
  },
  partial: { "the second rule": set("allow", "spec.ingress.1", { from: [], ports: [] }) },
  wrongType: { "sources are a text": set("allow", "spec.ingress", [{ from: "everyone" }]) },
  unknown: {
    rule: set("allow", "spec.ingress", [UNKNOWN]),
    sources: set("allow", "spec.ingress.0.from", UNKNOWN),
  },
});
