import { UNKNOWN } from "../../../../policies/testing";
import { iamPolicyResourceWildcard } from "../../../../policies/rules/iam/iam-policy-resource-wildcard";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const POLICY = "aws:iam/policy:Policy";
const allow = (Action: unknown, Resource: unknown, more: object = {}) =>
  policyDocument({ Effect: "Allow", Action, Resource, ...more });

describeRule(iamPolicyResourceWildcard, {
  good: {
    "one queue": put("policy", POLICY, {
      policy: allow("sqs:SendMessage", "arn:aws:sqs:eu-central-1:111122223333:jobs"),
    }),
    "what has no resources": put("policy", POLICY, {
      policy: allow(["cloudwatch:PutMetricData", "ecr:GetAuthorizationToken"], "*"),
    }),
  },
  bad: {
    queues: put("policy", POLICY, { policy: allow("sqs:SendMessage", "*") }),
    machines: put("policy", POLICY, { policy: allow("ec2:TerminateInstances", "*") }),
  },
  partial: {
    "by a pattern": put("policy", POLICY, {
      policy: allow(["sqs:List*", "sqs:Delete*"], "arn:aws:sqs:*:*:*"),
    }),
  },
  wrongType: {
    "a list of conditions": put("policy", POLICY, {
      policy: allow("sqs:SendMessage", "*", { Condition: ["aws:ResourceTag/team"] }),
    }),
  },
  unknown: { policy: put("policy", POLICY, { policy: UNKNOWN }) },
});
