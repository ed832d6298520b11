import { UNKNOWN } from "../../../../policies/testing";
import { iamRoleTrustPublic } from "../../../../policies/rules/iam/iam-role-trust-public";
import { example } from "../../support/aws-resources";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";

const trust = (Principal: unknown, Condition?: object, Action: unknown = "sts:AssumeRole") =>
  example("role", {
    assumeRolePolicy: policyDocument({ Effect: "Allow", Principal, Action, ...(Condition && { Condition }) }),
  });

describeRule(iamRoleTrustPublic, {
  good: {
    service: trust({ Service: "ec2.amazonaws.com" }),
    "an organisation": trust("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
    denied: example("role", {
      assumeRolePolicy: policyDocument({ Effect: "Deny", Principal: "*", Action: "sts:AssumeRole" }),
    }),
  },
  bad: {
    everyone: trust("*"),
    "every AWS account": trust({ AWS: "*" }),
    "as an object": example("role", {
      assumeRolePolicy: { Statement: [{ Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }] },
    }),
  },
  partial: {
    "everyone among others": trust({ AWS: ["arn:aws:iam::111122223333:role/ci", "*"] }),
    "an organisation, or any": trust("*", { StringLike: { "aws:PrincipalOrgID": "*" } }),
  },
  wrongType: {
    "a list of principals": trust(["*"]),
    "a list of conditions": trust("*", ["aws:PrincipalOrgID"]),
    "a condition without values": trust("*", { StringEquals: "aws:PrincipalOrgID" }),
  },
  unknown: { trust: example("role", { assumeRolePolicy: UNKNOWN }) },
});
