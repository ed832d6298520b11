import { UNKNOWN } from "../../../../policies/testing";
import { redshiftPublicAccess } from "../../../../policies/rules/network/redshift-public-access";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(redshiftPublicAccess, {
  good: { off: example("warehouse"), unsaid: example("warehouse", { publiclyAccessible: undefined }) },
  bad: { on: example("warehouse", { publiclyAccessible: true }) },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: example("warehouse", { publiclyAccessible: "false" }) },
  unknown: { switch: example("warehouse", { publiclyAccessible: UNKNOWN }) },
});
