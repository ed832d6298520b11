import { sqsQueueSecureTransport } from "../../../../policies/rules/encryption/sqs-queue-secure-transport";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { comesFrom, drop, set } from "../../support/edits";
import { denyPlainHttp, policyDocument } from "../../support/aws-world";
const deny = denyPlainHttp("sqs:*", "*");

describeRule(sqsQueueSecureTransport, {
  good: {
    "in the queue itself": [drop("queuePolicy"), set("queue", "policy", policyDocument(deny))],
    "by other actions": set(
      "queuePolicy",
      "policy",
      policyDocument({ ...deny, Action: ["sqs:SendMessage", "sqs:ReceiveMessage"] }),
    ),
    "by a reference that a preview does not know": [
      set("queuePolicy", "queueUrl", UNKNOWN),
      comesFrom("queuePolicy", "queueUrl", "queue"),
    ],
  },
  bad: { "no policy": drop("queuePolicy") },
  partial: {
    "one action": set("queuePolicy", "policy", policyDocument({ ...deny, Action: "sqs:ReceiveMessage" })),
  },
  wrongType: { "a list": set("queuePolicy", "policy", []) },
  unknown: {
    "which queue": set("queuePolicy", "queueUrl", UNKNOWN),
    "the policy": set("queuePolicy", "policy", UNKNOWN),
  },
});
