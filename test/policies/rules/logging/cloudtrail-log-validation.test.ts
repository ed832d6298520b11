import { UNKNOWN } from "../../../../policies/testing";
import { cloudtrailLogValidation } from "../../../../policies/rules/logging/cloudtrail-log-validation";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(cloudtrailLogValidation, {
  good: { on: example("trail") },
  bad: {
    off: example("trail", { enableLogFileValidation: false }),
    unsaid: example("trail", { enableLogFileValidation: undefined }),
  },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: example("trail", { enableLogFileValidation: "true" }) },
  unknown: { switch: example("trail", { enableLogFileValidation: UNKNOWN }) },
});
