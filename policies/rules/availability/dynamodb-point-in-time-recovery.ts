import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const dynamodbPointInTimeRecovery = inputRule(
  {
    id: "dynamodb-point-in-time-recovery",
    title: "DynamoDB tables can be restored to any moment",
    severity: "medium",
    description: "Without continuous backups one wrong write is final.",
    remediation: "pointInTimeRecovery: { enabled: true }",
    types: ["aws:dynamodb/table:Table"],
    controls: awsControls("dynamodb_tables_pitr_enabled"),
  },
  (fields) =>
    fields.get("pointInTimeRecovery", "enabled").isTrue()
      ? undefined
      : "must set `pointInTimeRecovery.enabled: true`.",
);
