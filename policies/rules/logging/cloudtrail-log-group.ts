import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { hasText } from "../../model/scalars";

export const cloudtrailLogGroup = inputRule(
  {
    id: "cloudtrail-log-group",
    title: "Trails go to a log group where alarms can be set",
    severity: "low",
    description: "Files in a bucket are read after an incident; a log group can raise an alarm during it.",
    remediation:
      "cloudWatchLogsGroupArn: pulumi.interpolate`${logGroup.arn}:*`, cloudWatchLogsRoleArn: role.arn",
    types: ["aws:cloudtrail/trail:Trail"],
    controls: awsControls("cloudtrail_cloudwatch_logging_enabled"),
  },
  (fields) =>
    hasText(fields.get("cloudWatchLogsGroupArn")) ? undefined : "must give `cloudWatchLogsGroupArn`.",
);
