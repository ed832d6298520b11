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
        const open = ["to", "ports"].every((part) => rule.get(part).items().length === 0);
        if (open) verdict.fail(subject, `must not have an empty rule (\`${rule.path}\`).`);
      });
    }
  },
};
