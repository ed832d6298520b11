import { inputRule } from "../../model/input-rule";

export const eksDeletionProtection = inputRule(
  {
    id: "eks-deletion-protection",
    title: "EKS clusters are protected from deletion",
    severity: "medium",
    description: "One wrong command deletes the cluster and everything that runs in it.",
    remediation: "new aws.eks.Cluster(name, { …, deletionProtection: true })",
    types: ["aws:eks/cluster:Cluster"],
    controls: [],
  },
  (fields) =>
    fields.get("deletionProtection").isTrue() ? undefined : "must set `deletionProtection: true`.",
);
