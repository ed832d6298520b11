import { UNKNOWN } from "../../../../policies/testing";
import { apiDataTrace } from "../../../../policies/rules/logging/api-data-trace";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:apigateway/methodSettings:MethodSettings";
const STAGE = "aws:apigatewayv2/stage:Stage";

describeRule(apiDataTrace, {
  good: { errors: put("settings", TYPE, { settings: { loggingLevel: "ERROR", dataTraceEnabled: false } }) },
  bad: {
    on: put("settings", TYPE, { settings: { dataTraceEnabled: true } }),
    "a stage's default": put("stage", STAGE, {
      accessLogSettings: { destinationArn: "arn", format: "f" },
      defaultRouteSettings: { dataTraceEnabled: true },
    }),
  },
  partial: {
    "one route of two": put("stage", STAGE, {
      accessLogSettings: { destinationArn: "arn", format: "f" },
      routeSettings: [{ routeKey: "GET /a" }, { routeKey: "GET /b", dataTraceEnabled: true }],
    }),
  },
  wrongType: { text: put("settings", TYPE, { settings: { dataTraceEnabled: "false" } }) },
  unknown: { switch: put("settings", TYPE, { settings: { dataTraceEnabled: UNKNOWN } }) },
});
