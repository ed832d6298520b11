import { UNKNOWN } from "../../../../policies/testing";
import { iamUserPolicy } from "../../../../policies/rules/iam/iam-user-policy";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const ANY = "aws:iam/policyAttachment:PolicyAttachment";
const policyArn = "arn:aws:iam::111122223333:policy/reader";

describeRule(iamUserPolicy, {
  good: { "a group": put("attachment", ANY, { groups: ["ops"], policyArn }) },
  bad: {
    inline: put("policy", "aws:iam/userPolicy:UserPolicy", { user: "anna", policy: policyDocument() }),
    attached: put("attachment", "aws:iam/userPolicyAttachment:UserPolicyAttachment", {
      user: "anna",
      policyArn,
    }),
    "any of them": put("attachment", ANY, { users: ["anna"], policyArn }),
  },
  partial: { "beside groups": put("attachment", ANY, { groups: ["ops"], users: ["anna"], policyArn }) },
  wrongType: {
    "a number": put("attachment", "aws:iam/userPolicyAttachment:UserPolicyAttachment", {
      user: 7,
      policyArn,
    }),
    "a text instead of a list": put("attachment", ANY, { users: "anna", policyArn }),
  },
  unknown: { users: put("attachment", ANY, { users: UNKNOWN, policyArn }) },
});
