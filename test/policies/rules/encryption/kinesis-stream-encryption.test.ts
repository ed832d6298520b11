import { kinesisStreamEncryption } from "../../../../policies/rules/encryption/kinesis-stream-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const stream = (more: Record<string, unknown>) => put("stream", "aws:kinesis/stream:Stream", { ...more });

describeRule(kinesisStreamEncryption, {
  good: { KMS: stream({ encryptionType: "KMS", kmsKeyId: "alias/aws/kinesis" }) },
  bad: { default: stream({}), none: stream({ encryptionType: "NONE" }) },
  partial: { "a key without the type": stream({ kmsKeyId: "key" }) },
  wrongType: { "a switch": stream({ encryptionType: true }) },
  unknown: { type: stream({ encryptionType: UNKNOWN }) },
});
