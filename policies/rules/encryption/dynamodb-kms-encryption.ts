import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const dynamodbKmsEncryption = inputRule(
  {
    id: "dynamodb-kms-encryption",
    title: "Tables are encrypted with a KMS key",
    severity: "low",
    description: "DynamoDB always encrypts, by default with a key that AWS owns and nobody here can see.",
    remediation: "serverSideEncryption: { enabled: true, kmsKeyArn: key.arn }",
    types: ["aws:dynamodb/table:Table"],
    controls: awsControls("dynamodb_tables_kms_cmk_encryption_enabled"),
  },
  (table) =>
    isOn(table.get("serverSideEncryption", "enabled"))
      ? undefined
      : "must set `serverSideEncryption.enabled`.",
);
