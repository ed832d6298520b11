import { awsControls } from "../../model/aws-controls";
import { publicPolicyRule } from "../../model/resource-policies";

export const sqsPolicyPublic = publicPolicyRule({
  id: "sqs-policy-public",
  title: "Queue policies let in nobody unnamed",
  severity: "high",
  description: "Everyone could put jobs into the queue, or take them out.",
  remediation:
    'Principal: { Service: "sns.amazonaws.com" }, Condition: { ArnEquals: { "aws:SourceArn": topic.arn } }',
  types: ["aws:sqs/queuePolicy:QueuePolicy", "aws:sqs/queue:Queue"],
  controls: awsControls("sqs_queues_not_publicly_accessible"),
});
