import { UNKNOWN } from "../../../../policies/testing";
import { iamUserLoginProfile } from "../../../../policies/rules/iam/iam-user-login-profile";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:iam/userLoginProfile:UserLoginProfile";

describeRule(iamUserLoginProfile, {
  good: { none: put("user", "aws:iam/user:User", { name: "anna" }) },
  bad: { password: put("profile", TYPE, { user: "anna" }) },
  partial: { none: "the profile itself is what is wrong" },
  wrongType: { "a number as the user": put("profile", TYPE, { user: 7 }) },
  unknown: { user: put("profile", TYPE, { user: UNKNOWN }) },
});
