import { inputRule } from "../../model/input-rule";

export const snsSubscriptionHttps = inputRule(
  {
    id: "sns-subscription-https",
    title: "Topics deliver by HTTPS",
    severity: "high",
    description: "A subscription of protocol http sends every message in plain text to its endpoint.",
    remediation:
      'new aws.sns.TopicSubscription(name, { protocol: "https", endpoint: "https://app.example/hook", topic: topic.arn })',
    types: ["aws:sns/topicSubscription:TopicSubscription"],
    controls: [],
  },
  (subscription) =>
    subscription.get("protocol").string() === "http" ? "must use protocol https." : undefined,
);
