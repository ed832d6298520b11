import { UNKNOWN } from "../../../../policies/testing";
import { ecrPolicyPush } from "../../../../policies/rules/iam/ecr-policy-push";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:ecr/repositoryPolicy:RepositoryPolicy";
const push = (Principal: unknown, Action: unknown = "ecr:PutImage") =>
  policyDocument({ Effect: "Allow", Principal, Action });

describeRule(ecrPolicyPush, {
  good: {
    "a role": put("policy", TYPE, { policy: push({ AWS: "arn:aws:iam::111122223333:role/pipeline" }) }),
    "an account that pulls": put("policy", TYPE, {
      policy: push({ AWS: "111122223333" }, "ecr:BatchGetImage"),
    }),
  },
  bad: { account: put("policy", TYPE, { policy: push({ AWS: "arn:aws:iam::111122223333:root" }) }) },
  partial: {
    "by a pattern": put("policy", TYPE, {
      policy: push({ AWS: ["444455556666"] }, ["ecr:Batch*", "ecr:Put*"]),
    }),
  },
  wrongType: { "a number": put("policy", TYPE, { policy: push({ AWS: 444455556666 }) }) },
  unknown: { policy: put("policy", TYPE, { policy: UNKNOWN }) },
});
