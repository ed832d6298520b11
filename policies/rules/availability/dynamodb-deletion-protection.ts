import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const dynamodbDeletionProtection = inputRule(
  {
    id: "dynamodb-deletion-protection",
    title: "DynamoDB tables are protected from deletion",
    severity: "medium",
    description: "Renaming a key replaces the table, and the data is gone before anyone reads the plan.",
    remediation: "deletionProtectionEnabled: true",
    types: ["aws:dynamodb/table:Table"],
    controls: awsControls("dynamodb_table_deletion_protection_enabled"),
  },
  (fields) =>
    fields.get("deletionProtectionEnabled").isTrue()
      ? undefined
      : "must set `deletionProtectionEnabled: true`.",
);
