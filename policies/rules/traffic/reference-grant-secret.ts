import type { ResourceRule } from "../../model/rule";

export const referenceGrantSecret: ResourceRule = {
  id: "reference-grant-secret",
  title: "Grants across namespaces name the Secret they open",
  severity: "medium",
  description:
    "A ReferenceGrant to Secrets without a name lets gateways of the other namespace serve with every key of this one.",
  remediation: 'spec: { from, to: [{ group: "", kind: "Secret", name: "gateway-tls" }] }',
  types: ["kubernetes:gateway.networking.k8s.io/*:ReferenceGrant"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const target of subject.fields.get("spec", "to").items()) {
      verdict.judge(subject, () => {
        if (target.get("kind").string() !== "Secret" || (target.get("name").string() ?? "") !== "") return;
        verdict.fail(subject, `must name the Secret in \`${target.path}\`.`);
      });
    }
  },
};
