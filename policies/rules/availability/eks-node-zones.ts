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
    // A block of capacity, and whatever else is reserved or placed together, lies in one zone.
    oneOrMany(fields.get("subnetIds")).length === 1 &&
    fields.get("capacityType").string() !== "CAPACITY_BLOCK"
      ? "must name subnets of at least two zones."
      : undefined,
);
