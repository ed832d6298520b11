import { UNKNOWN } from "../../../../policies/testing";
import { sqsPolicyPublic } from "../../../../policies/rules/iam/sqs-policy-public";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const TYPE = "aws:sqs/queuePolicy:QueuePolicy";
const open = (Principal: unknown, Condition?: object) =>
  policyDocument({
    Effect: "Allow",
    Principal,
    Action: "sqs:SendMessage",
    Resource: "*",
    ...(Condition && { Condition }),
  });

describeRule(sqsPolicyPublic, {
  good: {
    role: put("policy", TYPE, {
      queueUrl: "https://sqs.eu-central-1.amazonaws.com/111122223333/other",
      policy: open({ AWS: "arn:aws:iam::111122223333:role/reader" }),
    }),
    "an organisation": put("policy", TYPE, {
      queueUrl: "https://sqs.eu-central-1.amazonaws.com/111122223333/other",
      policy: open("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
    }),
  },
  bad: {
    everyone: put("policy", TYPE, {
      queueUrl: "https://sqs.eu-central-1.amazonaws.com/111122223333/other",
      policy: open("*"),
    }),
    "a queue's own": set("queue", "policy", open("*")),
  },
  partial: {
    "everyone among others": put("policy", TYPE, {
      queueUrl: "https://sqs.eu-central-1.amazonaws.com/111122223333/other",
      policy: open({ AWS: ["111122223333", "*"] }),
    }),
  },
  wrongType: {
    "a list of principals": set("queue", "policy", open(["*"])),
    "a list of conditions": set("queue", "policy", open("*", ["aws:SourceArn"])),
  },
  unknown: {
    policy: put("policy", TYPE, {
      queueUrl: "https://sqs.eu-central-1.amazonaws.com/111122223333/other",
      policy: UNKNOWN,
    }),
  },
});
