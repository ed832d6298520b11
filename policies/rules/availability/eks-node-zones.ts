import { inputRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

export const eksNodeZones = inputRule(
  {
    id: "eks-node-zones",
    title: "Node groups span several zones",
    severity: "low",
    description: "With one subnet all nodes of the group are lost with their zone.",
    remediation: "subnetIds: network.privateSubnetIds",
    types: ["aws:eks/nodeGroup:NodeGroup"],
    controls: [],
  },
  (fields) =>
    oneOrMany(fields.get("subnetIds")).length === 1 ? "must name subnets of at least two zones." : undefined,
);
