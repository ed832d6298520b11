import { inputRule } from "../../model/input-rule";

export const eksAwsAuthMasters = inputRule(
  {
    id: "eks-aws-auth-masters",
    title: "aws-auth makes nobody a master",
    severity: "high",
    description: "`system:masters` passes by every check of RBAC and cannot be taken away from a session.",
    remediation:
      'new aws.eks.AccessPolicyAssociation(name, { …, accessScope: { type: "namespace", namespaces: ["team"] } })',
    types: ["kubernetes:core/*:ConfigMap"],
    controls: [],
  },
  (fields) => {
    const place = [
      [fields.get("metadata", "namespace"), "kube-system"],
      [fields.get("metadata", "name"), "aws-auth"],
    ] as const;
    if (place.some(([field, wanted]) => !field.isUnknown && field.value() !== wanted)) return undefined;
    const data = fields.get("data");
    const lists = ["mapRoles", "mapUsers"].filter((list) =>
      (data.get(list).string() ?? "").includes("system:masters"),
    );
    if (lists.length === 0) return undefined;
    // Of a map with masters it matters whether it is that one.
    for (const [field] of place) field.value();
    return `must not put anyone into \`system:masters\` (${lists.join(", ")}).`;
  },
);
