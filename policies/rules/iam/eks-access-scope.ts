import { inputRule } from "../../model/input-rule";

/** AWS' policies that change what they reach, made for namespaces. */
const NAMESPACED = /\/AmazonEKS(?:Admin|Edit)Policy$/;

export const eksAccessScope = inputRule(
  {
    id: "eks-access-scope",
    title: "EKS access policies of teams are limited to namespaces",
    severity: "medium",
    description:
      "`AmazonEKSAdminPolicy` and `AmazonEKSEditPolicy` are made for namespaces; cluster-wide they reach every team.",
    remediation: 'accessScope: { type: "namespace", namespaces: ["team"] }',
    types: ["aws:eks/accessPolicyAssociation:AccessPolicyAssociation"],
    controls: [],
  },
  (fields) => {
    const scope = fields.get("accessScope");
    const isWide =
      scope.get("type").string() !== "namespace" ||
      scope.get("namespaces").items().length === 0 ||
      scope.get("namespaces").strings().includes("*");
    if (!isWide || !NAMESPACED.test(fields.get("policyArn").string() ?? "")) return undefined;
    return "must name its namespaces in `accessScope`.";
  },
);
