import { UNKNOWN } from "../../../../policies/testing";
import { iamMfaCondition } from "../../../../policies/rules/iam/iam-mfa-condition";
import { example } from "../../support/aws-resources";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const ON_CALL = { AWS: "arn:aws:iam::111122223333:user/on-call" };
const trust = (Condition?: unknown, ...more: Record<string, unknown>[]) =>
  example("role", {
    assumeRolePolicy: policyDocument(
      { Effect: "Allow", Principal: ON_CALL, Action: "sts:AssumeRole", Condition },
      ...more,
    ),
  });
const read = { Action: "s3:GetObject", Resource: "arn:aws:s3:::models/*" };
const policy = (...statements: Record<string, unknown>[]) =>
  put("policy", "aws:iam/policy:Policy", {
    policy: policyDocument(...statements.map((statement) => ({ ...read, ...statement }))),
  });
const PRESENT = "aws:MultiFactorAuthPresent";
const deny = (Condition: unknown) => ({ Effect: "Deny", Condition });

describeRule(iamMfaCondition, {
  good: {
    demanded: trust({ Bool: { [PRESENT]: "true" } }),
    "demanded lately": trust({ NumericLessThan: { "aws:MultiFactorAuthAge": "3600" } }),
    "an age, whichever": trust({ Null: { "aws:MultiFactorAuthAge": "false" } }),
    "true, and there": trust({ BoolIfExists: { [PRESENT]: "true" }, Null: { [PRESENT]: "false" } }),
    "denied without": policy(deny({ BoolIfExists: { [PRESENT]: "false" } })),
    "denied in two steps": policy(
      deny({ Bool: { [PRESENT]: "false" } }),
      deny({ Null: { [PRESENT]: "true" } }),
    ),
    "denied when long ago": policy(
      { Effect: "Allow", Condition: { Bool: { [PRESENT]: "true" } } },
      deny({ NumericGreaterThan: { "aws:MultiFactorAuthAge": "3600" } }),
    ),
    "what one may do without": policy({
      Effect: "Allow",
      Condition: { BoolIfExists: { [PRESENT]: "false" } },
    }),
    "another key that may be missing": trust({
      StringEqualsIfExists: { "aws:RequestedRegion": "eu-central-1" },
    }),
  },
  bad: {
    "a trust": trust({ BoolIfExists: { [PRESENT]: "true" } }),
    "a policy": policy({
      Effect: "Allow",
      Condition: { BoolIfExists: { "aws:multifactorauthpresent": true } },
    }),
    "an age, if there is one": trust({ NumericLessThanIfExists: { "aws:MultiFactorAuthAge": "3600" } }),
    "all of no values": trust({ "ForAllValues:Bool": { [PRESENT]: "true" } }),
    "not false": trust({ StringNotEquals: { [PRESENT]: "false" } }),
    "a denial that needs the key": policy(deny({ Bool: { [PRESENT]: "false" } })),
    "a denial of old ones only": policy(deny({ NumericGreaterThan: { "aws:MultiFactorAuthAge": "3600" } })),
    "inline in a role": example("role", {
      inlinePolicies: [
        {
          name: "read",
          policy: policyDocument({
            ...read,
            Effect: "Allow",
            Condition: { BoolIfExists: { [PRESENT]: "true" } },
          }),
        },
      ],
    }),
    "a secret's policy": put("policy", "aws:secretsmanager/secretPolicy:SecretPolicy", {
      secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:a",
      policy: policyDocument({
        Effect: "Allow",
        Principal: ON_CALL,
        Action: "secretsmanager:GetSecretValue",
        Resource: "*",
        Condition: { BoolIfExists: { [PRESENT]: "true" } },
      }),
    }),
  },
  partial: {
    "there, true or not": trust({ Null: { [PRESENT]: "false" } }),
    "one of two statements": policy(
      { Effect: "Allow", Condition: { Bool: { [PRESENT]: "true" } } },
      { Effect: "Allow", Condition: { BoolIfExists: { [PRESENT]: "true" } } },
    ),
  },
  wrongType: { "a switch": trust({ BoolIfExists: { [PRESENT]: true } }) },
  notJudged: {
    "a list of conditions": trust(["aws:MultiFactorAuthPresent"]),
    "neither true nor false": trust({ BoolIfExists: { [PRESENT]: "yes" } }),
  },
  unknown: {
    trust: example("role", { assumeRolePolicy: UNKNOWN }),
    condition: put("policy", "aws:iam/policy:Policy", {
      policy: { Statement: [{ ...read, Effect: "Allow", Condition: UNKNOWN }] },
    }),
  },
});
