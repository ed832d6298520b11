import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const daxEncryption = inputRule(
  {
    id: "dax-encryption",
    title: "DAX clusters are encrypted at rest",
    severity: "high",
    description: "The accelerator keeps copies of the tables; it can only be encrypted when it is made.",
    remediation: "serverSideEncryption: { enabled: true }",
    types: ["aws:dax/cluster:Cluster"],
    controls: awsControls("dynamodb_accelerator_cluster_encryption_enabled"),
  },
  (cluster) =>
    isOn(cluster.get("serverSideEncryption", "enabled"))
      ? undefined
      : "must set `serverSideEncryption.enabled`.",
);
