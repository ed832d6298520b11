import { UNKNOWN } from "../../../../policies/testing";
import { iamPolicyDataAccess } from "../../../../policies/rules/iam/iam-policy-data-access";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const POLICY = "aws:iam/policy:Policy";
const allow = (Action: unknown, Resource: unknown, more: object = {}) =>
  policyDocument({ Effect: "Allow", Action, Resource, ...more });

describeRule(iamPolicyDataAccess, {
  good: {
    "one secret": put("policy", POLICY, {
      policy: allow(
        "secretsmanager:GetSecretValue",
        "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db-*",
      ),
    }),
    "by a tag": put("policy", POLICY, {
      policy: allow("secretsmanager:GetSecretValue", "*", {
        Condition: { StringEquals: { "aws:ResourceTag/team": "text" } },
      }),
    }),
    "secrets of one team": put("policy", POLICY, {
      policy: allow(
        "secretsmanager:GetSecretValue",
        "arn:aws:secretsmanager:eu-central-1:111122223333:secret:team/*",
      ),
    }),
    "every key by way of a service": put("policy", POLICY, {
      policy: allow("kms:Decrypt", "arn:aws:kms:*:111122223333:key/*", {
        Condition: { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } },
      }),
    }),
    "no data": put("policy", POLICY, { policy: allow("ec2:DescribeInstances", "*") }),
  },
  bad: {
    secrets: put("policy", POLICY, { policy: allow("secretsmanager:GetSecretValue", "*") }),
    objects: put("policy", POLICY, { policy: allow("s3:GetObject", "*") }),
  },
  partial: {
    "every secret of an account": put("policy", POLICY, {
      policy: allow(
        "secretsmanager:GetSecretValue",
        "arn:aws:secretsmanager:eu-central-1:111122223333:secret:*",
      ),
    }),
    "every key of an account": put("policy", POLICY, {
      policy: allow("kms:Decrypt", "arn:aws:kms:*:111122223333:key/*"),
    }),
    "everything of an account's secrets": put("policy", POLICY, {
      policy: allow("secretsmanager:Get*", "arn:aws:secretsmanager:eu-central-1:111122223333:*"),
    }),
    "by a pattern": put("policy", POLICY, { policy: allow(["ssm:Describe*", "ssm:GetParam*"], "*") }),
  },
  wrongType: {
    "a list of conditions": put("policy", POLICY, {
      policy: allow("s3:GetObject", "*", { Condition: ["aws:ResourceTag/team"] }),
    }),
  },
  unknown: { policy: put("policy", POLICY, { policy: UNKNOWN }) },
});
