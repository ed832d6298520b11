import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const mskClientEncryption = inputRule(
  {
    id: "msk-client-encryption",
    title: "Kafka clients must use TLS",
    severity: "high",
    description:
      "With PLAINTEXT, or with TLS_PLAINTEXT as a choice, records and credentials cross the network readable.",
    remediation: 'encryptionInfo: { encryptionInTransit: { clientBroker: "TLS", inCluster: true } }',
    types: ["aws:msk/cluster:Cluster"],
    controls: awsControls("kafka_cluster_in_transit_encryption_enabled"),
  },
  (cluster) => {
    const mode = cluster.get("encryptionInfo", "encryptionInTransit", "clientBroker");
    return !mode.exists() || mode.string() === "TLS"
      ? undefined
      : `must set \`${mode.path}\` to "TLS", not ${mode.show()}.`;
  },
);
