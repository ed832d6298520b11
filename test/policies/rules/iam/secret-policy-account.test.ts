import { secretPolicyAccount } from "../../../../policies/rules/iam/secret-policy-account";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const ROOT = "arn:aws:iam::111122223333:root";
const secret = (Principal: unknown, more: object = {}) =>
  put("policy", "aws:secretsmanager/secretPolicy:SecretPolicy", {
    secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a",
    policy: {
      Statement: {
        Effect: "Allow",
        Principal,
        Action: "secretsmanager:GetSecretValue",
        Resource: "*",
        ...more,
      },
    },
  });

describeRule(secretPolicyAccount, {
  good: {
    "a role": secret({ AWS: "arn:aws:iam::111122223333:role/reader" }),
    "an account's root, of which a condition names a role": secret(
      { AWS: ROOT },
      { Condition: { ArnEquals: { "aws:PrincipalArn": "arn:aws:iam::111122223333:role/reader" } } },
    ),
    "a denial": secret({ AWS: ROOT }, { Effect: "Deny" }),
    "a service": secret({ Service: "rds.amazonaws.com" }),
  },
  bad: { "the root": secret({ AWS: ROOT }), "the account's number": secret({ AWS: "111122223333" }) },
  partial: { "the root among roles": secret({ AWS: ["arn:aws:iam::111122223333:role/reader", ROOT] }) },
  wrongType: { "the account as a number": secret({ AWS: 111122223333 }) },
  unknown: { principal: secret({ AWS: UNKNOWN }) },
});
