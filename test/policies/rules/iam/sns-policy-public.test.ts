import { UNKNOWN } from "../../../../policies/testing";
import { snsPolicyPublic } from "../../../../policies/rules/iam/sns-policy-public";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const TYPE = "aws:sns/topicPolicy:TopicPolicy";
const open = (Principal: unknown, Condition?: object) =>
  policyDocument({
    Effect: "Allow",
    Principal,
    Action: "sns:Publish",
    Resource: "*",
    ...(Condition && { Condition }),
  });

describeRule(snsPolicyPublic, {
  good: {
    role: put("policy", TYPE, {
      arn: "arn:aws:sns:eu-central-1:111122223333:other",
      policy: open({ AWS: "arn:aws:iam::111122223333:role/reader" }),
    }),
    "an organisation": put("policy", TYPE, {
      arn: "arn:aws:sns:eu-central-1:111122223333:other",
      policy: open("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
    }),
  },
  bad: {
    everyone: put("policy", TYPE, { arn: "arn:aws:sns:eu-central-1:111122223333:other", policy: open("*") }),
    "a topic's own": set("topic", "policy", open("*")),
  },
  partial: {
    "everyone among others": put("policy", TYPE, {
      arn: "arn:aws:sns:eu-central-1:111122223333:other",
      policy: open({ AWS: ["111122223333", "*"] }),
    }),
  },
  wrongType: {
    "a list of principals": set("topic", "policy", open(["*"])),
    "a list of conditions": set("topic", "policy", open("*", ["aws:SourceArn"])),
  },
  unknown: {
    policy: put("policy", TYPE, { arn: "arn:aws:sns:eu-central-1:111122223333:other", policy: UNKNOWN }),
  },
});
