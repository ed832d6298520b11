import { UNKNOWN } from "../../../../policies/testing";
import { mskBrokerLogs } from "../../../../policies/rules/logging/msk-broker-logs";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(mskBrokerLogs, {
  good: {
    bucket: example("kafka", { loggingInfo: { brokerLogs: { s3: { enabled: true, bucket: "logs" } } } }),
  },
  bad: { none: example("kafka", { loggingInfo: undefined }) },
  partial: {
    "a place that is off": example("kafka", {
      loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: false } } },
    }),
  },
  wrongType: { text: example("kafka", { loggingInfo: { brokerLogs: { s3: { enabled: "true" } } } }) },
  unknown: { logs: example("kafka", { loggingInfo: UNKNOWN }) },
});
