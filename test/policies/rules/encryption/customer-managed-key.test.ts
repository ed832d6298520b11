import { customerManagedKey } from "../../../../policies/rules/encryption/customer-managed-key";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/a";

describeRule(customerManagedKey, {
  good: {
    "SQS's own encryption, which is another rule's matter": remove("queue", "kmsMasterKeyId"),
    "an alias of one's own": set("topic", "kmsMasterKeyId", "alias/news"),
    "a copy's disk by its snapshot's key": set("volume", "kmsKeyId", KEY),
  },
  bad: {
    "a disk": remove("volume", "kmsKeyId"),
    "a topic": set("topic", "kmsMasterKeyId", "alias/aws/sns"),
    "a queue": set("queue", "kmsMasterKeyId", "alias/aws/sqs"),
    "a queue, by an ARN": set(
      "queue",
      "kmsMasterKeyId",
      "arn:aws:kms:eu-central-1:111122223333:alias/aws/sqs",
    ),
  },
  partial: { "an empty text": set("volume", "kmsKeyId", "") },
  wrongType: {
    "a switch as the key": set("volume", "kmsKeyId", true),
    "a text as the switch": [set("volume", "encrypted", "true"), remove("volume", "kmsKeyId")],
  },
  unknown: { key: set("volume", "kmsKeyId", UNKNOWN) },
});
