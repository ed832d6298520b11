import { UNKNOWN } from "../../../../policies/testing";
import { dynamodbDeletionProtection } from "../../../../policies/rules/availability/dynamodb-deletion-protection";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(dynamodbDeletionProtection, {
  good: { on: example("table") },
  bad: {
    off: example("table", { deletionProtectionEnabled: false }),
    unsaid: example("table", { deletionProtectionEnabled: undefined }),
  },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: example("table", { deletionProtectionEnabled: "true" }) },
  unknown: { switch: example("table", { deletionProtectionEnabled: UNKNOWN }) },
});
