import { firehoseEncryption } from "../../../../policies/rules/encryption/firehose-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const stream = (more: Record<string, unknown>) =>
  put("stream", "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", {
    destination: "extended_s3",
    ...more,
  });

describeRule(firehoseEncryption, {
  good: {
    on: stream({ serverSideEncryption: { enabled: true } }),
    "from a Kinesis stream": stream({
      kinesisSourceConfiguration: { kinesisStreamArn: "arn", roleArn: "arn" },
    }),
  },
  bad: { default: stream({}), off: stream({ serverSideEncryption: { enabled: false } }) },
  partial: { "a key without the switch": stream({ serverSideEncryption: { keyType: "AWS_OWNED_CMK" } }) },
  wrongType: { "a word": stream({ serverSideEncryption: { enabled: "yes" } }) },
  unknown: { switch: stream({ serverSideEncryption: { enabled: UNKNOWN } }) },
});
