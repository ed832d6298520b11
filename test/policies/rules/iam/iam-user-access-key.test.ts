import { UNKNOWN } from "../../../../policies/testing";
import { iamUserAccessKey } from "../../../../policies/rules/iam/iam-user-access-key";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const KEY = "aws:iam/accessKey:AccessKey";

describeRule(iamUserAccessKey, {
  good: { inactive: put("key", KEY, { user: "anna", status: "Inactive" }) },
  bad: { active: put("key", KEY, { user: "anna" }) },
  partial: { none: "a key is active, or it is not" },
  wrongType: { boolean: put("key", KEY, { user: "anna", status: false }) },
  unknown: { status: put("key", KEY, { user: "anna", status: UNKNOWN }) },
});
