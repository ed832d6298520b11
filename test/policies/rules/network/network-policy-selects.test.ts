import { networkPolicySelects } from "../../../../policies/rules/network/network-policy-selects";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { drop, put } from "../../support/edits";

const policy = (selector: unknown) =>
  put("own", "kubernetes:networking.k8s.io/v1:NetworkPolicy", {
    metadata: { name: "own", namespace: "team" },
    spec: { podSelector: selector, policyTypes: ["Egress"] },
  });
const alone = drop("gateway", "envoy", "prometheus");

describeRule(networkPolicySelects, {
  good: {
    "its pods": [alone, policy({ matchLabels: { app: "text" } })],
    "all pods": [alone, policy({})],
    "those of an operator": policy({ matchLabels: { app: "proxy" } }),
    "those of another program": [
      alone,
      put("own", "kubernetes:networking.k8s.io/v1:NetworkPolicy", {
        metadata: { name: "own", namespace: "far" },
        spec: { podSelector: { matchLabels: { app: "far" } }, policyTypes: ["Egress"] },
      }),
    ],
  },
  bad: { "another label": [alone, policy({ matchLabels: { app: "txt" } })] },
  partial: { "one label of two": [alone, policy({ matchLabels: { app: "text", tier: "edge" } })] },
  wrongType: { "a number as a label": [alone, policy({ matchLabels: { app: 7 } })] },
  unknown: { selector: [alone, policy({ matchLabels: { app: UNKNOWN } })] },
});
