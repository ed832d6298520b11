import { networkPolicyOpenPeer } from "../../../../policies/rules/network/network-policy-open-peer";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const from = (...peers: unknown[]) => set("allow", "spec.ingress.0.from", peers);
const range = (cidr: unknown) => ({ ipBlock: { cidr } });
const anywhere = { namespaceSelector: {} };

describeRule(networkPolicyOpenPeer, {
  good: {
    "a private range": from(range("10.0.0.0/8")),
    "some pods of every namespace": [
      from({ ...anywhere, podSelector: { matchLabels: { app: "edge" } } }),
      set("allow", "spec.ingress.0.ports", []),
    ],
    "the pods of its own namespace": [from({ podSelector: {} }), set("allow", "spec.ingress.0.ports", [])],
  },
  bad: {
    "every address": from(range("0.0.0.0/0")),
    "every address of IPv6": from(range("::/0")),
    "a half of all addresses": from(range("128.0.0.0/1")),
    "every namespace by the label that all have": [
      from({
        namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "Exists" }] },
      }),
      set("allow", "spec.ingress.0.ports", [{ port: 1, endPort: 65535 }]),
    ],
    "every pod on every port": [from(anywhere), set("allow", "spec.ingress.0.ports", [])],
  },
  partial: { "one open peer of two": from(range("10.0.0.0/8"), range("0.0.0.0/0")) },
  notJudged: { "a range of a wrong type": from(range(7)) },
  unknown: { range: from(range(UNKNOWN)), peers: set("allow", "spec.ingress.0.from", UNKNOWN) },
});
