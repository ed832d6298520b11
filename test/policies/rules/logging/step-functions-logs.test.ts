import { stepFunctionsLogs } from "../../../../policies/rules/logging/step-functions-logs";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const machine = (level?: unknown) =>
  put("machine", "aws:sfn/stateMachine:StateMachine", {
    definition: "{}",
    ...(level !== undefined && { loggingConfiguration: { level } }),
  });

describeRule(stepFunctionsLogs, {
  good: { all: machine("ALL"), errors: machine("ERROR") },
  bad: { none: machine(), off: machine("OFF") },
  partial: {
    "a place, but no level": put("machine", "aws:sfn/stateMachine:StateMachine", {
      definition: "{}",
      loggingConfiguration: { logDestination: "arn:aws:logs:eu-central-1:111122223333:log-group:steps:*" },
    }),
  },
  wrongType: { "a boolean": machine(true) },
  unknown: { level: machine(UNKNOWN) },
});
