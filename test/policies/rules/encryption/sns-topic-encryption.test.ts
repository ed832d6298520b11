import { snsTopicEncryption } from "../../../../policies/rules/encryption/sns-topic-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

describeRule(snsTopicEncryption, {
  good: { "a key by its alias": set("topic", "kmsMasterKeyId", "alias/news") },
  bad: { "no key": remove("topic", "kmsMasterKeyId") },
  partial: { "an empty key": set("topic", "kmsMasterKeyId", "") },
  wrongType: { "a switch": set("topic", "kmsMasterKeyId", true) },
  unknown: { key: set("topic", "kmsMasterKeyId", UNKNOWN) },
});
