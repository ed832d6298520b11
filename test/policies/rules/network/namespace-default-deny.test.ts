import { UNKNOWN } from "../../../../policies/testing";
import { namespaceDefaultDeny } from "../../../../policies/rules/network/namespace-default-deny";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

describeRule(namespaceDefaultDeny, {
  good: {
    "by default types": set("denyAll", "spec", { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] }),
    "with a flow": set("denyAll", "spec.ingress", [{ from: [{ podSelector: {} }] }]),
  },
  bad: {
    "another namespace": put("other", "kubernetes:monitoring.coreos.com/v1:Prometheus", {
      metadata: { name: "p", namespace: "metrics" },
      spec: {},
    }),
  },
  partial: {
    "egress only": [set("denyAll", "spec.policyTypes", ["Egress"])],
    "some pods only": [set("denyAll", "spec.podSelector", { matchLabels: { app: "text" } })],
  },
  wrongType: { "spec is a text": set("denyAll", "spec", "deny") },
  unknown: {
    selector: set("denyAll", "spec.podSelector", UNKNOWN),
    "the policy's namespace": set("denyAll", "metadata.namespace", UNKNOWN),
    "the workload's namespace": set("prometheus", "metadata.namespace", UNKNOWN),
  },
});
