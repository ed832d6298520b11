import { inputRule } from "../../model/input-rule";

export const eksCreatorAdministrator = inputRule(
  {
    id: "eks-creator-administrator",
    title: "Whoever makes a cluster does not stay its administrator",
    severity: "low",
    description:
      "Unless told otherwise EKS makes the creator an administrator for ever, where no access entry shows it.",
    remediation:
      "accessConfig: { bootstrapClusterCreatorAdminPermissions: false }, and access entries for administrators",
    types: ["aws:eks/cluster:Cluster"],
    controls: [],
  },
  (fields) =>
    fields.get("accessConfig", "bootstrapClusterCreatorAdminPermissions").value() === false
      ? undefined
      : "must set `accessConfig.bootstrapClusterCreatorAdminPermissions: false`.",
);
