import { UNKNOWN } from "../../../../policies/testing";
import { rdsPublicAccess } from "../../../../policies/rules/network/rds-public-access";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(rdsPublicAccess, {
  good: { off: example("database"), unsaid: example("database", { publiclyAccessible: undefined }) },
  bad: { on: example("database", { publiclyAccessible: true }) },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: example("database", { publiclyAccessible: "false" }) },
  unknown: { switch: example("database", { publiclyAccessible: UNKNOWN }) },
});
