import { allowsEveryone } from "../../model/network-policies";
import type { ResourceRule } from "../../model/rule";

export const networkPolicyAllowAll: ResourceRule = {
  id: "network-policy-allow-all",
  title: "No NetworkPolicy lets everyone in",
  severity: "high",
  description:
    "Policies add up: one empty ingress rule undoes every other policy for the pods that it selects.",
  remediation: "ingress: [{ from: [{ podSelector: { matchLabels } }], ports: [{ port: 8000 }] }]",
  types: ["kubernetes:networking.k8s.io/*:NetworkPolicy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const rule of subject.fields.get("spec", "ingress").items()) {
      verdict.judge(subject, () => {
        if (allowsEveryone(rule)) verdict.fail(subject, `must not have an empty rule (\`${rule.path}\`).`);
      });
    }
  },
};
