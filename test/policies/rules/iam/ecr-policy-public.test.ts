import { UNKNOWN } from "../../../../policies/testing";
import { ecrPolicyPublic } from "../../../../policies/rules/iam/ecr-policy-public";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:ecr/repositoryPolicy:RepositoryPolicy";
const open = (Principal: unknown, Condition?: object) =>
  policyDocument({
    Effect: "Allow",
    Principal,
    Action: "ecr:BatchGetImage",
    Resource: "*",
    ...(Condition && { Condition }),
  });

describeRule(ecrPolicyPublic, {
  good: {
    role: put("policy", TYPE, {
      repository: "runtime",
      policy: open({ AWS: "arn:aws:iam::111122223333:role/reader" }),
    }),
    "an organisation": put("policy", TYPE, {
      repository: "runtime",
      policy: open("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
    }),
  },
  bad: {
    everyone: put("policy", TYPE, { repository: "runtime", policy: open("*") }),
    "the registry's": put("registry", "aws:ecr/registryPolicy:RegistryPolicy", { policy: open("*") }),
  },
  partial: {
    "everyone among others": put("policy", TYPE, {
      repository: "runtime",
      policy: open({ AWS: ["111122223333", "*"] }),
    }),
  },
  wrongType: {
    "a list of principals": put("policy", TYPE, { repository: "runtime", policy: open(["*"]) }),
    "a list of conditions": put("policy", TYPE, {
      repository: "runtime",
      policy: open("*", ["aws:PrincipalOrgID"]),
    }),
  },
  unknown: { policy: put("policy", TYPE, { repository: "runtime", policy: UNKNOWN }) },
});
