import { inputRule } from "../../model/input-rule";
import { hasText } from "../../model/scalars";

export const redshiftSubnetGroup = inputRule(
  {
    id: "redshift-subnet-group",
    title: "Warehouses lie in subnets that were chosen",
    severity: "medium",
    description:
      "Without a subnet group the cluster goes into the account's default VPC, of which every subnet is public.",
    remediation: "clusterSubnetGroupName: subnetGroup.name",
    types: ["aws:redshift/cluster:Cluster"],
    controls: [],
  },
  (fields) =>
    hasText(fields.get("clusterSubnetGroupName")) ? undefined : "must set `clusterSubnetGroupName`.",
);
