import { secureTransportRule } from "../../model/secure-transport";

export const snsTopicSecureTransport = secureTransportRule(
  {
    id: "sns-topic-secure-transport",
    title: "Topics deny plain HTTP",
    severity: "medium",
    description:
      "A publisher that leaves TLS out sends its messages readable; only the topic's policy can refuse that.",
    remediation:
      '{ Effect: "Deny", Principal: "*", Action: "sns:Publish", Resource: topic.arn, Condition: { Bool: { "aws:SecureTransport": "false" } } }',
    types: ["aws:sns/topic:Topic"],
    controls: [],
  },
  {
    policies: ["aws:sns/topicPolicy:TopicPolicy"],
    property: "arn",
    names: ["arn", "id"],
    coversActions: (actions) => ["sns:*", "sns:publish"].some((action) => actions.includes(action)),
  },
);
