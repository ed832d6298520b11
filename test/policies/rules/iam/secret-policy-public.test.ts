import { UNKNOWN } from "../../../../policies/testing";
import { secretPolicyPublic } from "../../../../policies/rules/iam/secret-policy-public";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:secretsmanager/secretPolicy:SecretPolicy";
const open = (Principal: unknown, Condition?: object) =>
  policyDocument({
    Effect: "Allow",
    Principal,
    Action: "secretsmanager:GetSecretValue",
    Resource: "*",
    ...(Condition && { Condition }),
  });

describeRule(secretPolicyPublic, {
  good: {
    role: put("policy", TYPE, {
      secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a",
      policy: open({ AWS: "arn:aws:iam::111122223333:role/reader" }),
    }),
    "an organisation": put("policy", TYPE, {
      secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a",
      policy: open("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
    }),
  },
  bad: {
    everyone: put("policy", TYPE, {
      secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a",
      policy: open("*"),
    }),
  },
  partial: {
    "everyone among others": put("policy", TYPE, {
      secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a",
      policy: open({ AWS: ["arn:aws:iam::111122223333:role/reader", "*"] }),
    }),
    "a role of that name in any account": put("policy", TYPE, {
      secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a",
      policy: open({ AWS: "*" }, { StringLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/mirror" } }),
    }),
  },
  wrongType: {
    "a list of principals": put("policy", TYPE, { secretArn: "arn", policy: open(["*"]) }),
    "a list of conditions": put("policy", TYPE, { secretArn: "arn", policy: open("*", ["aws:SourceVpce"]) }),
  },
  unknown: {
    policy: put("policy", TYPE, {
      secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a",
      policy: UNKNOWN,
    }),
  },
});
