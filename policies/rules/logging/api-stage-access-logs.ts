import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { hasText } from "../../model/scalars";

export const apiStageAccessLogs = inputRule(
  {
    id: "api-stage-access-logs",
    title: "API stages write access logs",
    severity: "medium",
    description: "Without them nobody can tell who called which route.",
    remediation: "accessLogSettings: { destinationArn: logGroup.arn, format }",
    types: ["aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage"],
    controls: awsControls("apigatewayv2_api_access_logging_enabled"),
  },
  (fields) =>
    hasText(fields.get("accessLogSettings", "destinationArn"))
      ? undefined
      : "must write access logs: give `accessLogSettings.destinationArn`.",
);
