import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const mskAtRestKey = inputRule(
  {
    id: "msk-at-rest-key",
    title: "Kafka clusters use a KMS key of your own",
    severity: "low",
    description:
      "MSK always encrypts its disks; with the key of the service nobody here can audit or revoke that.",
    remediation: "encryptionInfo: { encryptionAtRestKmsKeyArn: key.arn }",
    types: ["aws:msk/cluster:Cluster"],
    controls: awsControls("kafka_cluster_encryption_at_rest_uses_cmk"),
  },
  (cluster) =>
    (cluster.get("encryptionInfo", "encryptionAtRestKmsKeyArn").string() ?? "") === ""
      ? "must set `encryptionInfo.encryptionAtRestKmsKeyArn`."
      : undefined,
);
