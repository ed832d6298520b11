import { UNKNOWN } from "../../../../policies/testing";
import { iamRoleTrustAccount } from "../../../../policies/rules/iam/iam-role-trust-account";
import { example } from "../../support/aws-resources";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";

const trust = (Principal: unknown, Condition?: object, Action: unknown = "sts:AssumeRole") =>
  example("role", {
    assumeRolePolicy: policyDocument({ Effect: "Allow", Principal, Action, ...(Condition && { Condition }) }),
  });

describeRule(iamRoleTrustAccount, {
  good: {
    role: trust({ AWS: "arn:aws:iam::111122223333:role/ci" }),
    "with an external ID": trust({ AWS: "111122223333" }, { StringEquals: { "sts:ExternalId": "x" } }),
  },
  bad: { root: trust({ AWS: "arn:aws:iam::111122223333:root" }), number: trust({ AWS: "111122223333" }) },
  partial: {
    "among others": trust({ AWS: ["arn:aws:iam::111122223333:role/ci", "arn:aws:iam::444455556666:root"] }),
  },
  wrongType: {
    number: trust({ AWS: 444455556666 }),
    "a list of conditions": trust({ AWS: "444455556666" }, ["sts:ExternalId"]),
  },
  unknown: { trust: example("role", { assumeRolePolicy: UNKNOWN }) },
});
