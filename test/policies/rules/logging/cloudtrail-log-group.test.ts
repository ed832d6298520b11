import { UNKNOWN } from "../../../../policies/testing";
import { cloudtrailLogGroup } from "../../../../policies/rules/logging/cloudtrail-log-group";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(cloudtrailLogGroup, {
  good: { given: example("trail") },
  bad: { none: example("trail", { cloudWatchLogsGroupArn: undefined }) },
  partial: {
    "a role, but an empty group": example("trail", {
      cloudWatchLogsGroupArn: "",
      cloudWatchLogsRoleArn: "arn:aws:iam::111122223333:role/trail",
    }),
  },
  wrongType: { "a switch": example("trail", { cloudWatchLogsGroupArn: true }) },
  unknown: { group: example("trail", { cloudWatchLogsGroupArn: UNKNOWN }) },
});
