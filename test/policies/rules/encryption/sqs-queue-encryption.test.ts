import { sqsQueueEncryption } from "../../../../policies/rules/encryption/sqs-queue-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(sqsQueueEncryption, {
  good: {
    "by default": remove("queue", "sqsManagedSseEnabled"),
    "by a key": [set("queue", "sqsManagedSseEnabled", false), set("queue", "kmsMasterKeyId", "alias/queue")],
  },
  bad: { "switched off": set("queue", "sqsManagedSseEnabled", false) },
  partial: {
    "switched off, with an empty key": [
      set("queue", "sqsManagedSseEnabled", false),
      set("queue", "kmsMasterKeyId", ""),
    ],
  },
  wrongType: { "a word": set("queue", "sqsManagedSseEnabled", "no") },
  unknown: { switch: set("queue", "sqsManagedSseEnabled", UNKNOWN) },
});
