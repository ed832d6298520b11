import { UNKNOWN } from "../../../../policies/testing";
import { iamPolicyAdministrator } from "../../../../policies/rules/iam/iam-policy-administrator";
import { example } from "../../support/aws-resources";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const POLICY = "aws:iam/policy:Policy";
const allow = (Action: unknown, Resource: unknown, more: object = {}) =>
  policyDocument({ Effect: "Allow", Action, Resource, ...more });

describeRule(iamPolicyAdministrator, {
  good: {
    "named actions": put("policy", POLICY, { policy: allow(["s3:GetObject"], ["arn:aws:s3:::models/*"]) }),
    denied: put("policy", POLICY, { policy: policyDocument({ Effect: "Deny", Action: "*", Resource: "*" }) }),
  },
  bad: {
    policy: put("policy", POLICY, { policy: allow("*", "*") }),
    "a role's": put("policy", "aws:iam/rolePolicy:RolePolicy", { role: "r", policy: allow(["*"], ["*"]) }),
    "a group's": put("policy", "aws:iam/groupPolicy:GroupPolicy", { group: "g", policy: allow("*:*", "*") }),
    "a role's inline one": example("role", { inlinePolicies: [{ name: "all", policy: allow("*", "*") }] }),
    "a permission set's": put("policy", "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy", {
      inlinePolicy: allow("*", "*"),
    }),
    "as an object": put("policy", POLICY, {
      policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
    }),
    "one statement without a list": put("policy", POLICY, {
      policy: { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
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
        { Effect: "Allow", Action: ["logs:PutLogEvents", "*"], Resource: "*" },
      ),
    }),
  },
  wrongType: {
    "a number among the actions": put("policy", POLICY, { policy: allow([7, "*"], "*") }),
    "a list of conditions": put("policy", POLICY, { policy: allow("*", "*", { Condition: [] }) }),
  },
  notJudged: { "no JSON": put("policy", POLICY, { policy: "{" }) },
  unknown: {
    policy: put("policy", POLICY, { policy: UNKNOWN }),
    statement: put("policy", POLICY, { policy: { Statement: [UNKNOWN] } }),
    inline: example("role", { inlinePolicies: UNKNOWN }),
  },
});
