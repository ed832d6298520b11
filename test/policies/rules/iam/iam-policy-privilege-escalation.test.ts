import { UNKNOWN } from "../../../../policies/testing";
import { iamPolicyPrivilegeEscalation } from "../../../../policies/rules/iam/iam-policy-privilege-escalation";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const POLICY = "aws:iam/policy:Policy";
const allow = (Action: unknown, Resource: unknown, more: object = {}) =>
  policyDocument({ Effect: "Allow", Action, Resource, ...more });

describeRule(iamPolicyPrivilegeEscalation, {
  good: {
    "one user": put("policy", POLICY, {
      policy: allow("iam:CreateAccessKey", "arn:aws:iam::111122223333:user/${aws:username}"),
    }),
    "within a boundary": put("policy", POLICY, {
      policy: allow("iam:PutRolePolicy", "*", {
        Condition: { StringEquals: { "iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/b" } },
      }),
    }),
    reading: put("policy", POLICY, { policy: allow(["iam:Get*", "iam:List*"], "*") }),
  },
  bad: {
    attach: put("policy", POLICY, { policy: allow("iam:AttachRolePolicy", "*") }),
    trust: put("policy", POLICY, {
      policy: allow("iam:UpdateAssumeRolePolicy", "arn:aws:iam::111122223333:role/*"),
    }),
  },
  partial: { "by a pattern": put("policy", POLICY, { policy: allow(["iam:Put*"], "*") }) },
  wrongType: {
    "a text as the condition": put("policy", POLICY, {
      policy: allow("iam:PutRolePolicy", "*", { Condition: "iam:PermissionsBoundary" }),
    }),
    "a condition without values": put("policy", POLICY, {
      policy: allow("iam:PutRolePolicy", "*", { Condition: { StringEquals: "iam:PermissionsBoundary" } }),
    }),
  },
  unknown: {
    policy: put("policy", POLICY, { policy: UNKNOWN }),
    action: put("policy", POLICY, {
      policy: { Statement: [{ Effect: "Allow", Action: [UNKNOWN], Resource: "*" }] },
    }),
  },
});
