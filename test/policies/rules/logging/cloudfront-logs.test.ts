import { UNKNOWN } from "../../../../policies/testing";
import { cloudfrontLogs } from "../../../../policies/rules/logging/cloudfront-logs";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource";

describeRule(cloudfrontLogs, {
  good: {
    bucket: example("distribution"),
    "by CloudWatch's delivery": [
      example("distribution", { arn: "arn:edge", loggingConfig: undefined }),
      put("source", SOURCE, { resourceArn: "arn:edge", logType: "ACCESS_LOGS" }),
    ],
  },
  bad: { none: example("distribution", { loggingConfig: undefined }) },
  partial: {
    "a prefix only": example("distribution", { loggingConfig: { prefix: "edge/" } }),
    "an empty bucket": example("distribution", { loggingConfig: { bucket: "", prefix: "edge/" } }),
  },
  wrongType: { "a switch": example("distribution", { loggingConfig: { bucket: true } }) },
  unknown: { config: example("distribution", { loggingConfig: UNKNOWN }) },
});
