import { UNKNOWN } from "../../../../policies/testing";
import { iamRoleTrustExternalId } from "../../../../policies/rules/iam/iam-role-trust-external-id";
import { example } from "../../support/aws-resources";
import { policyDocument } from "../../support/aws-world";
import { describeMore, describeRule } from "../../support/describe-rule";
import { drop } from "../../support/edits";

const VENDOR = "arn:aws:iam::444455556666:role/collector";
const trust = (Principal: unknown, Condition?: object, Action: unknown = "sts:AssumeRole") =>
  example("role", {
    assumeRolePolicy: policyDocument({ Effect: "Allow", Principal, Action, ...(Condition && { Condition }) }),
  });

describeRule(iamRoleTrustExternalId, {
  good: {
    "an external ID": trust({ AWS: VENDOR }, { StringEquals: { "sts:ExternalId": "7c1f20b9" } }),
    "an organisation": trust({ AWS: VENDOR }, { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
    "a person with a second factor": trust(
      { AWS: "arn:aws:iam::444455556666:user/auditor" },
      { Bool: { "aws:MultiFactorAuthPresent": "true" } },
    ),
    "a role of the same account": trust({ AWS: "arn:aws:iam::111122223333:role/ci" }),
    "a service": trust({ Service: "ec2.amazonaws.com" }),
    "a federation": trust(
      { Federated: "arn:aws:iam::444455556666:saml-provider/staff" },
      { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
      "sts:AssumeRoleWithSAML",
    ),
    denied: example("role", {
      assumeRolePolicy: policyDocument({
        Effect: "Deny",
        Principal: { AWS: VENDOR },
        Action: "sts:AssumeRole",
      }),
    }),
  },
  bad: {
    "a role": trust({ AWS: VENDOR }),
    "a user": trust({ AWS: ["arn:aws:iam::444455556666:user/collector"] }),
    "a session": trust({ AWS: "arn:aws:sts::444455556666:assumed-role/collector/run" }),
    "any action": trust({ AWS: VENDOR }, undefined, "sts:*"),
  },
  partial: {
    "among roles of the same account": trust({ AWS: ["arn:aws:iam::111122223333:role/ci", VENDOR] }),
    "any external ID": trust({ AWS: VENDOR }, { StringLike: { "sts:ExternalId": "*" } }),
    "an external ID where there is one": trust(
      { AWS: VENDOR },
      { StringEqualsIfExists: { "sts:ExternalId": "7c1f20b9" } },
    ),
    "a whole account under a condition beside the point": trust(
      { AWS: "444455556666" },
      { Bool: { "aws:SecureTransport": "true" } },
    ),
  },
  wrongType: {
    "a list of conditions": trust({ AWS: VENDOR }, ["sts:ExternalId"]),
    "no values": trust({ AWS: VENDOR }, { StringEquals: { "sts:ExternalId": [] } }),
  },
  unknown: {
    trust: example("role", { assumeRolePolicy: UNKNOWN }),
    "a principal": example("role", {
      assumeRolePolicy: {
        Statement: [{ Effect: "Allow", Principal: { AWS: UNKNOWN }, Action: "sts:AssumeRole" }],
      },
    }),
    "the account of the stack": [trust({ AWS: VENDOR }), drop("queue", "topic", "topicPolicy")],
  },
});

describeMore(iamRoleTrustExternalId, {
  config: { accounts: ["444455556666"] },
  good: { "an account of one's own": trust({ AWS: VENDOR }) },
  bad: { "another one": trust({ AWS: "arn:aws:iam::777788889999:role/collector" }) },
});
