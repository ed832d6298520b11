import { networkPolicySplitPeer } from "../../../../policies/rules/network/network-policy-split-peer";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { drop, set } from "../../support/edits";

const edge = { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "edge" } } };
const pods = (labels: unknown) => ({ podSelector: { matchLabels: labels } });
const alone = drop("gateway", "envoy", "prometheus");
const from = (...peers: unknown[]) => [alone, set("allow", "spec.ingress.0.from", peers)];
const to = (...peers: unknown[]) => [
  alone,
  set("allow", "spec.policyTypes", ["Ingress", "Egress"]),
  set("allow", "spec.egress", [{ to: peers, ports: [{ port: 8443 }] }]),
];

describeRule(networkPolicySplitPeer, {
  good: {
    "pods of a namespace": from({ ...edge, ...pods({ app: "web" }) }),
    "a namespace, and pods of its own": from(edge, pods({ app: "text" })),
    "a namespace, and all pods of its own": from(edge, { podSelector: {} }),
    "pods by a label that those of the stack have not": from(edge, pods({ "other.example/name": "web" })),
    "pods of its own alone": from(pods({ app: "web" })),
    "where an operator makes pods": set("allow", "spec.ingress.0.from", [edge, pods({ app: "web" })]),
  },
  bad: {
    "pods that are in the other namespace": from(edge, pods({ app: "web" })),
    "the other way round": from(pods({ app: "web" }), edge),
    outwards: to(edge, pods({ app: "web" })),
  },
  partial: {
    "one of two": from(edge, pods({ app: "text" }), pods({ app: "web" })),
    "the second rule": [
      alone,
      set("allow", "spec.ingress.1", { from: [edge, pods({ app: "web" })], ports: [{ port: 8001 }] }),
    ],
  },
  notJudged: {
    "labels are a text": from(edge, pods("web")),
    "a namespace of another program": [
      ...from(edge, pods({ app: "web" })),
      set("allow", "metadata.namespace", "far"),
    ],
  },
  unknown: {
    peers: [alone, set("allow", "spec.ingress.0.from", UNKNOWN)],
    labels: from(edge, pods({ app: UNKNOWN })),
    "labels of a workload": [
      ...from(edge, pods({ app: "web" })),
      set("deployment", "spec.template.metadata.labels.app", UNKNOWN),
    ],
  },
});
