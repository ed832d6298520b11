import { snsSubscriptionHttps } from "../../../../policies/rules/encryption/sns-subscription-https";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const subscription = (more: Record<string, unknown>) =>
  put("subscription", "aws:sns/topicSubscription:TopicSubscription", { ...more });

describeRule(snsSubscriptionHttps, {
  good: { HTTPS: subscription({ protocol: "https" }), "a queue": subscription({ protocol: "sqs" }) },
  bad: { HTTP: subscription({ protocol: "http", endpoint: "http://app.example" }) },
  partial: { none: "a protocol is HTTP, or it is not" },
  notJudged: { "a list": subscription({ protocol: ["http"] }), number: subscription({ protocol: 80 }) },
  unknown: { protocol: subscription({ protocol: UNKNOWN }) },
});
