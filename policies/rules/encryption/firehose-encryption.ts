import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const firehoseEncryption = inputRule(
  {
    id: "firehose-encryption",
    title: "Firehose streams are encrypted",
    severity: "high",
    description:
      "Records wait in a delivery stream before they are delivered, in plain unless it is told otherwise.",
    remediation: 'serverSideEncryption: { enabled: true, keyType: "CUSTOMER_MANAGED_CMK", keyArn: key.arn }',
    types: ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"],
    controls: awsControls("firehose_stream_encrypted_at_rest"),
  },
  (stream) => {
    // From a Kinesis stream the records come encrypted as they are there, and the setting is refused.
    if (
      isOn(stream.get("serverSideEncryption", "enabled")) ||
      stream.get("kinesisSourceConfiguration").exists()
    )
      return undefined;
    return "must set `serverSideEncryption.enabled`.";
  },
);
