import { kmsKeyPolicyOpen } from "../../../../policies/rules/encryption/kms-key-policy-open";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, remove, set } from "../../support/edits";
import { policyDocument } from "../../support/aws-world";
const open = { Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" };
const policy = (statement: Record<string, unknown>) => set("key", "policy", policyDocument(statement));

describeRule(kmsKeyPolicyOpen, {
  good: {
    "everyone of one account": policy({
      ...open,
      Condition: { StringEquals: { "kms:CallerAccount": "111122223333" } },
    }),
    "everyone of one organisation": policy({
      ...open,
      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
    }),
    "a denial for everyone": policy({ ...open, Effect: "Deny" }),
    "no policy of one's own": remove("key", "policy"),
  },
  bad: {
    everyone: policy(open),
    "everyone in AWS": policy({ ...open, Principal: { AWS: ["arn:aws:iam::111122223333:root", "*"] } }),
    "all but one": policy({
      Effect: "Allow",
      NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" },
      Action: "kms:*",
      Resource: "*",
    }),
    "as a resource of its own": put("keyPolicy", "aws:kms/keyPolicy:KeyPolicy", {
      keyId: "key",
      policy: policyDocument(open),
    }),
    "as an object": set("key", "policy", { Statement: open }),
  },
  partial: {
    "a condition that everyone meets": policy({
      ...open,
      Condition: { StringLike: { "aws:PrincipalArn": "*" } },
    }),
    "a condition that holds where the key is absent": policy({
      ...open,
      Condition: { StringEqualsIfExists: { "aws:PrincipalOrgID": "o-1" } },
    }),
    "a condition about something else": policy({
      ...open,
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    }),
    "one statement of two": set(
      "key",
      "policy",
      policyDocument({ ...open, Principal: { AWS: "arn:aws:iam::111122223333:root" } }, open),
    ),
  },
  notJudged: { "text that is no policy": set("key", "policy", "everyone") },
  unknown: {
    "the policy": set("key", "policy", UNKNOWN),
    "a principal": set("key", "policy", { Statement: [{ ...open, Principal: { AWS: UNKNOWN } }] }),
  },
});
