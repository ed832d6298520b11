import { UNKNOWN } from "../../../../policies/testing";
import { cloudtrailLogGroup } from "../../../../policies/rules/logging/cloudtrail-log-group";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(cloudtrailLogGroup, {
  good: { given: example("trail") },
  bad: { none: example("trail", { cloudWatchLogsGroupArn: undefined }) },
  unknown: { group: example("trail", { cloudWatchLogsGroupArn: UNKNOWN }) },
});
