import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const snsTopicEncryption = inputRule(
  {
    id: "sns-topic-encryption",
    title: "Topics are encrypted at rest",
    severity: "medium",
    description: "SNS stores messages in plain until a topic names a KMS key.",
    remediation: 'new aws.sns.Topic(name, { kmsMasterKeyId: key.id }) // or "alias/aws/sns"',
    types: ["aws:sns/topic:Topic"],
    controls: awsControls("sns_topics_kms_encryption_at_rest_enabled"),
  },
  (topic) => ((topic.get("kmsMasterKeyId").string() ?? "") === "" ? "must set `kmsMasterKeyId`." : undefined),
);
