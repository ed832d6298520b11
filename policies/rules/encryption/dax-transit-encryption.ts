import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";

export const daxTransitEncryption = inputRule(
  {
    id: "dax-transit-encryption",
    title: "DAX clusters are reached by TLS only",
    severity: "high",
    description: "Copies of the tables cross the network with every request.",
    remediation: 'clusterEndpointEncryptionType: "TLS"',
    types: ["aws:dax/cluster:Cluster"],
    controls: [
      ...awsControls("dynamodb_accelerator_cluster_in_transit_encryption_enabled"),
      awsFoundational("DynamoDB.7", "DynamoDB Accelerator clusters should be encrypted in transit"),
    ],
  },
  (cluster) =>
    cluster.get("clusterEndpointEncryptionType").string() === "TLS"
      ? undefined
      : 'must set `clusterEndpointEncryptionType: "TLS"`.',
);
