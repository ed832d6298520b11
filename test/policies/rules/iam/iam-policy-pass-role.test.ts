import { UNKNOWN } from "../../../../policies/testing";
import { iamPolicyPassRole } from "../../../../policies/rules/iam/iam-policy-pass-role";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const POLICY = "aws:iam/policy:Policy";
const allow = (Action: unknown, Resource: unknown, more: object = {}) =>
  policyDocument({ Effect: "Allow", Action, Resource, ...more });

describeRule(iamPolicyPassRole, {
  good: {
    "another action on an unknown resource": put("policy", POLICY, {
      policy: { Statement: [{ Effect: "Allow", Action: "logs:PutLogEvents", Resource: UNKNOWN }] },
    }),
    "one role": put("policy", POLICY, {
      policy: allow("iam:PassRole", "arn:aws:iam::111122223333:role/nodes"),
    }),
    "one role, to one service": put("policy", POLICY, {
      policy: allow("iam:PassRole", "arn:aws:iam::111122223333:role/nodes", {
        Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
      }),
    }),
    "roles with a tag": put("policy", POLICY, {
      policy: allow("iam:PassRole", "*", { Condition: { StringEquals: { "iam:ResourceTag/team": "ml" } } }),
    }),
  },
  bad: {
    any: put("policy", POLICY, { policy: allow("iam:PassRole", "*") }),
    "every role": put("policy", POLICY, {
      policy: allow("iam:PassRole", "arn:aws:iam::111122223333:role/*"),
    }),
  },
  partial: {
    "by a pattern": put("policy", POLICY, { policy: allow(["iam:Pass*"], ["*"]) }),
    "to one service": put("policy", POLICY, {
      policy: allow("iam:PassRole", "*", {
        Condition: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
      }),
    }),
    "every role, for some machines": put("policy", POLICY, {
      policy: allow("iam:PassRole", "arn:aws:iam::111122223333:role/*", {
        Condition: {
          StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" },
          ArnLike: { "iam:AssociatedResourceArn": "arn:aws:ec2:*:111122223333:instance/*" },
        },
      }),
    }),
    "with MFA": put("policy", POLICY, {
      policy: allow("iam:passrole", "*", { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }),
    }),
  },
  wrongType: {
    "a text as the condition": put("policy", POLICY, {
      policy: allow("iam:PassRole", "*", { Condition: "iam:PassedToService" }),
    }),
  },
  unknown: {
    policy: put("policy", POLICY, { policy: UNKNOWN }),
    resource: put("policy", POLICY, {
      policy: { Statement: [{ Effect: "Allow", Action: "iam:PassRole", Resource: UNKNOWN }] },
    }),
  },
});
