import { allowsEveryPort } from "../../model/network-policies";
import type { ResourceRule } from "../../model/rule";

export const networkPolicyEgressAll: ResourceRule = {
  id: "network-policy-egress-all",
  title: "No NetworkPolicy lets pods out to everywhere",
  severity: "medium",
  description:
    "An egress rule without `to` and without `ports` undoes the egress part of every other policy for the pods that it selects.",
  remediation: "egress: [{ to: [{ namespaceSelector, podSelector }], ports: [{ port: 8000 }] }]",
  types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const rule of subject.fields.get("spec", "egress").items()) {
      verdict.judge(subject, () => {
        if (!rule.exists()) return;
        const open = rule.get("to").items().length === 0 && allowsEveryPort(rule.get("ports").items());
        if (open) verdict.fail(subject, `must not have an empty rule (\`${rule.path}\`).`);
      });
    }
  },
};
