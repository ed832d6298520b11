import type { ResourceRule } from "../../model/rule";

export const eksAccessClusterAdmin: ResourceRule = {
  id: "eks-access-cluster-admin",
  title: "Each administrator of a cluster is known by name",
  severity: "medium",
  description:
    "`AmazonEKSClusterAdminPolicy` allows everything in the cluster; who has it should be a decision, and a role rather than a user.",
  remediation:
    '// In namespaces; or name the role among the rule\'s `administrators`.\npolicyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy", accessScope: { type: "namespace", namespaces: ["team"] }',
  types: ["aws:eks/accessPolicyAssociation:AccessPolicyAssociation"],
  controls: [],
  configSchema: {
    properties: {
      administrators: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "ARNs of the roles that may administer clusters.",
      },
    },
  },
  scope: "resource",
  check(subject, verdict, { administrators }) {
    const { fields } = subject;
    if (!/\/AmazonEKSClusterAdminPolicy$/.test(fields.get("policyArn").string() ?? "")) return;
    const principal = fields.get("principalArn");
    const known: readonly unknown[] = Array.isArray(administrators) ? administrators : [];
    if (known.includes(principal.value())) return;
    verdict.fail(
      subject,
      `makes \`${principal.show()}\` an administrator of the cluster, which the configuration does not name.`,
    );
  },
};
