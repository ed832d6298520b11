import { inputRule } from "../../model/input-rule";

export const mskPublicAccess = inputRule(
  {
    id: "msk-public-access",
    title: "Kafka brokers have no public address",
    severity: "high",
    description:
      "Brokers with public addresses are reached by everyone that their security groups let through.",
    remediation: 'brokerNodeGroupInfo: { …, connectivityInfo: { publicAccess: { type: "DISABLED" } } }',
    types: ["aws:msk/cluster:Cluster"],
    controls: [],
  },
  (fields) => {
    const type = fields.get("brokerNodeGroupInfo", "connectivityInfo", "publicAccess", "type");
    return !type.exists() || type.value() === "DISABLED"
      ? undefined
      : `must not give its brokers public addresses (\`publicAccess.type\` ${type.show()}).`;
  },
);
