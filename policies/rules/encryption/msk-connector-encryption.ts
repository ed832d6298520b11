import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const mskConnectorEncryption = inputRule(
  {
    id: "msk-connector-encryption",
    title: "Kafka connectors use TLS",
    severity: "high",
    description: "A connector carries whole topics between the cluster and another store.",
    remediation: 'kafkaClusterEncryptionInTransit: { encryptionType: "TLS" }',
    types: ["aws:mskconnect/connector:Connector"],
    controls: awsControls("kafka_connector_in_transit_encryption_enabled"),
  },
  (connector) =>
    connector.get("kafkaClusterEncryptionInTransit", "encryptionType").string() === "TLS"
      ? undefined
      : 'must set `kafkaClusterEncryptionInTransit.encryptionType: "TLS"`.',
);
