import { kmsKeyPolicyAccount } from "../../../../policies/rules/encryption/kms-key-policy-account";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

const OWN = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: "kms:*",
  Resource: "*",
};
const OTHER = { ...OWN, Principal: { AWS: "444455556666" } };
const USE = { ...OWN, Action: ["kms:Decrypt", "kms:DescribeKey"] };
const policy = (...statements: object[]) => set("key", "policy", { Statement: statements });

describeRule(kmsKeyPolicyAccount, {
  good: {
    "the key's own account": policy(OWN),
    "no policy of one's own": remove("key", "policy"),
    "a role": policy(OWN, { ...USE, Principal: { AWS: "arn:aws:iam::444455556666:role/reader" } }),
    "an account by way of a service": policy(OWN, {
      ...USE,
      Condition: { StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } },
    }),
    "an account that may only look": policy(OWN, { ...USE, Action: "kms:DescribeKey" }),
    "a denial": policy(OWN, { ...OTHER, Effect: "Deny" }),
  },
  bad: {
    "an account that may decrypt": policy(OWN, USE),
    "a second account with everything": policy(OWN, OTHER),
    "two accounts in one statement": policy({
      ...OWN,
      Principal: { AWS: ["arn:aws:iam::111122223333:root", "444455556666"] },
    }),
  },
  partial: { "by a pattern of actions": policy(OWN, { ...USE, Action: "kms:Gen*" }) },
  wrongType: { "the account as a number": policy(OWN, { ...OTHER, Principal: { AWS: 444455556666 } }) },
  unknown: {
    policy: set("key", "policy", UNKNOWN),
    principal: policy({ ...OWN, Principal: { AWS: UNKNOWN } }),
  },
});
