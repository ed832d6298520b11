import { UNKNOWN } from "../../../../policies/testing";
import { workloadEgress } from "../../../../policies/rules/network/workload-egress";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

describeRule(workloadEgress, {
  good: {
    "by the workload's own policy": [
      set("denyAll", "spec.policyTypes", ["Ingress"]),
      set("allow", "spec.policyTypes", ["Ingress", "Egress"]),
    ],
  },
  bad: { "ingress only": set("denyAll", "spec.policyTypes", ["Ingress"]) },
  partial: {
    "for others": [
      set("denyAll", "spec.policyTypes", ["Ingress"]),
      put("egress", "kubernetes:networking.k8s.io/v1:NetworkPolicy", {
        metadata: { name: "e", namespace: "team" },
        spec: { podSelector: { matchLabels: { app: "voice" } }, policyTypes: ["Egress"] },
      }),
    ],
  },
  wrongType: { "types are a text": set("denyAll", "spec.policyTypes", "Egress") },
  unknown: {
    types: set("denyAll", "spec.policyTypes", UNKNOWN),
    selector: [set("denyAll", "spec.policyTypes", ["Ingress"]), set("allow", "spec.podSelector", UNKNOWN)],
  },
});
