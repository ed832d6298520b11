import { UNKNOWN } from "../../../../policies/testing";
import { iamPolicyAssumeRole } from "../../../../policies/rules/iam/iam-policy-assume-role";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const POLICY = "aws:iam/policy:Policy";
const allow = (Action: unknown, Resource: unknown, more: object = {}) =>
  policyDocument({ Effect: "Allow", Action, Resource, ...more });

describeRule(iamPolicyAssumeRole, {
  good: {
    "one role": put("policy", POLICY, {
      policy: allow("sts:AssumeRole", "arn:aws:iam::111122223333:role/reader"),
    }),
  },
  bad: { any: put("policy", POLICY, { policy: allow("sts:AssumeRole", "*") }) },
  partial: {
    "every role of an account": put("policy", POLICY, {
      policy: allow(["sts:GetCallerIdentity", "sts:AssumeRole"], "arn:aws:iam::111122223333:role/*"),
    }),
  },
  wrongType: {
    "a text as the condition": put("policy", POLICY, {
      policy: allow("sts:AssumeRole", "*", { Condition: "aws:ResourceTag/team" }),
    }),
  },
  unknown: { policy: put("policy", POLICY, { policy: UNKNOWN }) },
});
