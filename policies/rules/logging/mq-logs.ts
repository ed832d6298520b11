import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { asText } from "../../model/scalars";

export const mqLogs = inputRule(
  {
    id: "mq-logs",
    title: "Message brokers write logs",
    severity: "low",
    description: "Without them nobody can tell who changed the broker, or why it stopped.",
    remediation: "logs: { general: true, audit: true }",
    types: ["aws:mq/broker:Broker"],
    controls: awsControls("mq_broker_logging_enabled"),
  },
  (fields) => {
    // RabbitMQ has no audit log.
    const isRabbit = asText(fields.get("engineType")).toLowerCase() === "rabbitmq";
    const missing = ["general", ...(isRabbit ? [] : ["audit"])].filter(
      (log) => !fields.get("logs", log).isTrue(),
    );
    return missing.length === 0
      ? undefined
      : `must set ${missing.map((log) => `\`logs.${log}\``).join(", ")} to true.`;
  },
);
