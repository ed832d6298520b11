import { UNKNOWN } from "../../../../policies/testing";
import { mqLogs } from "../../../../policies/rules/logging/mq-logs";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(mqLogs, {
  good: {
    RabbitMQ: example("broker"),
    ActiveMQ: example("broker", { engineType: "ActiveMQ", logs: { general: true, audit: true } }),
  },
  bad: { none: example("broker", { logs: undefined }) },
  partial: { "no audit log": example("broker", { engineType: "ActiveMQ", logs: { general: true } }) },
  wrongType: { text: example("broker", { logs: { general: "true" } }) },
  unknown: { logs: example("broker", { logs: UNKNOWN }) },
});
