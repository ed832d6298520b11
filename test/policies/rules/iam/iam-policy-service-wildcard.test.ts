import { UNKNOWN } from "../../../../policies/testing";
import { iamPolicyServiceWildcard } from "../../../../policies/rules/iam/iam-policy-service-wildcard";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const POLICY = "aws:iam/policy:Policy";
const allow = (Action: unknown, Resource: unknown, more: object = {}) =>
  policyDocument({ Effect: "Allow", Action, Resource, ...more });

describeRule(iamPolicyServiceWildcard, {
  good: { prefix: put("policy", POLICY, { policy: allow("s3:Get*", "arn:aws:s3:::models/*") }) },
  bad: {
    service: put("policy", POLICY, { policy: allow("s3:*", "arn:aws:s3:::models/*") }),
    "everything on one resource": put("policy", POLICY, { policy: allow("*", "arn:aws:s3:::models/*") }),
  },
  partial: {
    "one action of two": put("policy", POLICY, {
      policy: allow(["sqs:SendMessage", "SQS:*"], "arn:aws:sqs:eu-central-1:111122223333:jobs"),
    }),
  },
  wrongType: {
    "a number among the actions": put("policy", POLICY, {
      policy: allow([7, "s3:*"], "arn:aws:s3:::models/*"),
    }),
  },
  unknown: { policy: put("policy", POLICY, { policy: UNKNOWN }) },
});
