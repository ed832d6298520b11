import { UNKNOWN } from "../../../../policies/testing";
import { dynamodbPointInTimeRecovery } from "../../../../policies/rules/availability/dynamodb-point-in-time-recovery";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(dynamodbPointInTimeRecovery, {
  good: { on: example("table") },
  bad: {
    off: example("table", { pointInTimeRecovery: { enabled: false } }),
    unsaid: example("table", { pointInTimeRecovery: undefined }),
  },
  partial: { "days only": example("table", { pointInTimeRecovery: { recoveryPeriodInDays: 7 } }) },
  wrongType: { text: example("table", { pointInTimeRecovery: { enabled: "true" } }) },
  unknown: { switch: example("table", { pointInTimeRecovery: UNKNOWN }) },
});
