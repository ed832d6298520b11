import { UNKNOWN } from "../../../../policies/testing";
import { namespaceDefaultDeny } from "../../../../policies/rules/network/namespace-default-deny";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

describeRule(namespaceDefaultDeny, {
  good: {
    "by default types": set("denyAll", "spec", { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] }),
    "with a flow": set("denyAll", "spec.ingress", [{ from: [{ podSelector: {} }] }]),
    "with flows from elsewhere": set("denyAll", "spec.ingress", [
      { from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: "prometheus" } } }] },
      { from: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports: [{ port: 8080 }] },
    ]),
  },
  bad: {
    "another namespace": put("other", "kubernetes:monitoring.coreos.com/v1:Prometheus", {
      metadata: { name: "p", namespace: "metrics" },
      spec: {},
    }),
  },
  partial: {
    "every namespace, on a port": set("denyAll", "spec.ingress", [
      { from: [{ podSelector: {} }, { namespaceSelector: {}, podSelector: {} }], ports: [{ port: 8443 }] },
    ]),
    "a port, from anybody": set("denyAll", "spec.ingress", [{ ports: [{ port: 8443 }] }]),
    "egress only": [set("denyAll", "spec.policyTypes", ["Egress"])],
    "some pods only": [set("denyAll", "spec.podSelector", { matchLabels: { app: "text" } })],
  },
  wrongType: {
    "spec is a text": set("denyAll", "spec", "deny"),
    // Such a peer is also another rule's matter, so it cannot fail alone.
    "the internet, on a port": set("denyAll", "spec.ingress", [
      { from: [{ ipBlock: { cidr: "0.0.0.0/1" } }], ports: [{ port: 8443 }] },
    ]),
  },
  unknown: {
    selector: set("denyAll", "spec.podSelector", UNKNOWN),
    "whom it lets in": set("denyAll", "spec.ingress", [{ from: UNKNOWN }]),
    "the policy's namespace": set("denyAll", "metadata.namespace", UNKNOWN),
    "the workload's namespace": set("prometheus", "metadata.namespace", UNKNOWN),
  },
});
