import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { publicPolicyRule } from "../../model/resource-policies";

export const snsPolicyPublic = publicPolicyRule({
  id: "sns-policy-public",
  title: "Topic policies let in nobody unnamed",
  severity: "high",
  description: "Everyone could publish to the topic, or subscribe and read along.",
  remediation:
    'Principal: { Service: "s3.amazonaws.com" }, Condition: { ArnLike: { "aws:SourceArn": bucket.arn } }',
  types: ["aws:sns/topicPolicy:TopicPolicy", "aws:sns/topic:Topic"],
  controls: [
    ...awsControls("sns_topics_not_publicly_accessible"),
    awsFoundational("SNS.4", "SNS topic access policies should not allow public access"),
  ],
});
