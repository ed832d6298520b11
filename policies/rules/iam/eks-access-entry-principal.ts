import type { Field } from "../../model/field";
import { inputRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

export const eksAccessEntryPrincipal = inputRule(
  {
    id: "eks-access-entry-principal",
    title: "EKS access entries are for one role, and for no master",
    severity: "high",
    description:
      "An entry for a whole account, a wildcard or the group `system:masters` admits people whom nobody named.",
    remediation:
      'new aws.eks.AccessEntry(name, { clusterName, principalArn: role.arn, kubernetesGroups: ["viewers"] })',
    types: ["aws:eks/accessEntry:AccessEntry", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"],
    controls: [],
  },
  (fields) => {
    const groups = oneOrMany(fields.get("kubernetesGroups"));
    const isMaster = (group: Field): boolean => group.value() === "system:masters";
    // A known one says so even beside an unknown one.
    if (groups.some((group) => !group.isUnknown && isMaster(group)) || groups.some(isMaster)) {
      return "must not be in the group `system:masters`.";
    }
    const principal = fields.get("principalArn").string() ?? "";
    return /:root$|\*/.test(principal) ? `must be for one role, not for \`${principal}\`.` : undefined;
  },
);
