import { secureTransportRule } from "../../model/secure-transport";

export const sqsQueueSecureTransport = secureTransportRule(
  {
    id: "sqs-queue-secure-transport",
    title: "Queues deny plain HTTP",
    severity: "medium",
    description:
      "A caller that leaves TLS out sends its messages readable; only the queue's policy can refuse that.",
    remediation:
      '{ Effect: "Deny", Principal: "*", Action: "sqs:*", Resource: queue.arn, Condition: { Bool: { "aws:SecureTransport": "false" } } }',
    types: ["aws:sqs/queue:Queue"],
    controls: [],
  },
  {
    policies: ["aws:sqs/queuePolicy:QueuePolicy"],
    property: "queueUrl",
    names: ["url", "id"],
    coversActions: (actions) =>
      actions.includes("sqs:*") ||
      ["sqs:sendmessage", "sqs:receivemessage"].every((action) => actions.includes(action)),
  },
);
