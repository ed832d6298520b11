import { UNKNOWN } from "../../../../policies/testing";
import { iamPolicyNotAction } from "../../../../policies/rules/iam/iam-policy-not-action";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const POLICY = "aws:iam/policy:Policy";

describeRule(iamPolicyNotAction, {
  good: {
    denied: put("policy", POLICY, {
      policy: policyDocument({ Effect: "Deny", NotAction: "iam:*", Resource: "*" }),
    }),
  },
  bad: {
    NotAction: put("policy", POLICY, {
      policy: policyDocument({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }),
    }),
    NotResource: put("policy", POLICY, {
      policy: policyDocument({
        Effect: "Allow",
        Action: "sqs:SendMessage",
        NotResource: "arn:aws:sqs:*:*:secret",
      }),
    }),
  },
  partial: {
    "one statement of two": put("policy", POLICY, {
      policy: policyDocument(
        {
          Effect: "Allow",
          Action: "sqs:SendMessage",
          Resource: "arn:aws:sqs:eu-central-1:111122223333:jobs",
        },
        { Effect: "Allow", NotAction: ["iam:*"], Resource: "*" },
      ),
    }),
  },
  wrongType: {
    "a number": put("policy", POLICY, {
      policy: policyDocument({ Effect: "Allow", NotAction: 7, Resource: "*" }),
    }),
  },
  unknown: { policy: put("policy", POLICY, { policy: UNKNOWN }) },
});
