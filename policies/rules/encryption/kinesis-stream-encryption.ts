import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";

export const kinesisStreamEncryption = inputRule(
  {
    id: "kinesis-stream-encryption",
    title: "Kinesis streams are encrypted",
    severity: "high",
    description: "A stream stores records in plain until it names KMS.",
    remediation: 'new aws.kinesis.Stream(name, { encryptionType: "KMS", kmsKeyId: key.arn })',
    types: ["aws:kinesis/stream:Stream"],
    controls: [
      ...awsControls("kinesis_stream_encrypted_at_rest"),
      awsFoundational("Kinesis.1", "Kinesis Data Streams should be encrypted at rest"),
    ],
  },
  (stream) =>
    stream.get("encryptionType").string() === "KMS" ? undefined : 'must set `encryptionType: "KMS"`.',
);
