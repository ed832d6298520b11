import { UNKNOWN } from "../../../../policies/testing";
import { iamPasswordPolicy } from "../../../../policies/rules/iam/iam-password-policy";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy";

describeRule(iamPasswordPolicy, {
  good: { long: put("passwords", TYPE, { minimumPasswordLength: 20, passwordReusePrevention: 24 }) },
  bad: {
    short: put("passwords", TYPE, { minimumPasswordLength: 8, passwordReusePrevention: 24 }),
    unsaid: put("passwords", TYPE, {}),
  },
  partial: { "long, but the same again": put("passwords", TYPE, { minimumPasswordLength: 14 }) },
  wrongType: { text: put("passwords", TYPE, { minimumPasswordLength: "long", passwordReusePrevention: 24 }) },
  unknown: { length: put("passwords", TYPE, { minimumPasswordLength: UNKNOWN }) },
});
