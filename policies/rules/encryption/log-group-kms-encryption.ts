import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const logGroupKmsEncryption = inputRule(
  {
    id: "log-group-kms-encryption",
    title: "Log groups are encrypted with a KMS key",
    severity: "low",
    description:
      "Logs hold what requests held; without a key of your own, reading them takes one permission and leaves no trace of the key.",
    remediation: "kmsKeyId: key.arn",
    types: ["aws:cloudwatch/logGroup:LogGroup"],
    controls: awsControls("cloudwatch_log_group_kms_encryption_enabled"),
  },
  (group) => ((group.get("kmsKeyId").string() ?? "") === "" ? "must set `kmsKeyId`." : undefined),
);
