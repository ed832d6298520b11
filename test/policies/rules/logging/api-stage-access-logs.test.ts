import { UNKNOWN } from "../../../../policies/testing";
import { apiStageAccessLogs } from "../../../../policies/rules/logging/api-stage-access-logs";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const HTTP = "aws:apigatewayv2/stage:Stage";

describeRule(apiStageAccessLogs, {
  good: {
    rest: example("restStage"),
    http: put("stage", HTTP, { name: "$default", accessLogSettings: { destinationArn: "arn", format: "f" } }),
  },
  bad: {
    rest: example("restStage", { accessLogSettings: undefined }),
    http: put("stage", HTTP, { name: "$default" }),
  },
  partial: {
    "a format only": put("stage", HTTP, { accessLogSettings: { format: "f" } }),
    "an empty destination": put("stage", HTTP, { accessLogSettings: { destinationArn: "", format: "f" } }),
  },
  wrongType: { "a switch": put("stage", HTTP, { accessLogSettings: { destinationArn: true, format: "f" } }) },
  unknown: { destination: put("stage", HTTP, { accessLogSettings: { destinationArn: UNKNOWN } }) },
});
