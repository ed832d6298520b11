import { inputRule } from "../../model/input-rule";

export const mskBrokerLogs = inputRule(
  {
    id: "msk-broker-logs",
    title: "Kafka brokers write logs",
    severity: "low",
    description: "Without broker logs failed authentications and lost partitions leave no trace.",
    remediation: "loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: group.name } } }",
    types: ["aws:msk/cluster:Cluster"],
    controls: [],
  },
  (fields) => {
    const logs = fields.get("loggingInfo", "brokerLogs");
    return ["cloudwatchLogs", "firehose", "s3"].some((place) => logs.get(place, "enabled").isTrue())
      ? undefined
      : "must write broker logs: enable one place in `loggingInfo.brokerLogs`.";
  },
);
