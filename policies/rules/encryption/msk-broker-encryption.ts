import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const mskBrokerEncryption = inputRule(
  {
    id: "msk-broker-encryption",
    title: "Kafka brokers speak TLS to each other",
    severity: "high",
    description: "Replication carries every record once more over the network.",
    remediation: 'encryptionInfo: { encryptionInTransit: { clientBroker: "TLS", inCluster: true } }',
    types: ["aws:msk/cluster:Cluster"],
    controls: awsControls("kafka_cluster_in_transit_encryption_enabled"),
  },
  (cluster) => {
    const inside = cluster.get("encryptionInfo", "encryptionInTransit", "inCluster");
    return !inside.exists() || isOn(inside) ? undefined : `must not switch \`${inside.path}\` off.`;
  },
);
