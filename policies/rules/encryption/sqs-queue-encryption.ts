import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const sqsQueueEncryption = inputRule(
  {
    id: "sqs-queue-encryption",
    title: "Queues are encrypted at rest",
    severity: "high",
    description:
      "SQS encrypts a new queue by itself; `sqsManagedSseEnabled: false` without a KMS key stores messages in plain.",
    remediation: "new aws.sqs.Queue(name, { kmsMasterKeyId: key.id }) // or sqsManagedSseEnabled: true",
    types: ["aws:sqs/queue:Queue"],
    controls: awsControls("sqs_queues_server_side_encryption_enabled"),
  },
  (queue) => {
    const managed = queue.get("sqsManagedSseEnabled");
    if (!managed.exists() || isOn(managed) || (queue.get("kmsMasterKeyId").string() ?? "") !== "")
      return undefined;
    return "must not switch its encryption off without a KMS key.";
  },
);
