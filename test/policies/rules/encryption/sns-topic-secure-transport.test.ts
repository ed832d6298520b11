import { snsTopicSecureTransport } from "../../../../policies/rules/encryption/sns-topic-secure-transport";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { comesFrom, drop, set } from "../../support/edits";
import { denyPlainHttp, policyDocument } from "../../support/aws-world";
const deny = denyPlainHttp("sns:Publish", "*");

describeRule(snsTopicSecureTransport, {
  good: {
    "in the topic itself": [drop("topicPolicy"), set("topic", "policy", policyDocument(deny))],
    "by other actions": set("topicPolicy", "policy", policyDocument({ ...deny, Action: ["sns:*"] })),
    "by a reference that a preview does not know": [
      set("topicPolicy", "arn", UNKNOWN),
      comesFrom("topicPolicy", "arn", "topic"),
    ],
  },
  bad: { "no policy": drop("topicPolicy") },
  partial: {
    "one action": set("topicPolicy", "policy", policyDocument({ ...deny, Action: "sns:Subscribe" })),
  },
  wrongType: { "a list": set("topicPolicy", "policy", []) },
  unknown: {
    "which topic": set("topicPolicy", "arn", UNKNOWN),
    "the policy": set("topicPolicy", "policy", UNKNOWN),
  },
});
