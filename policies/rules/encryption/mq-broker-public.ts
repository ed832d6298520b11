import { inputRule } from "../../model/input-rule";

export const mqBrokerPublic = inputRule(
  {
    id: "mq-broker-public",
    title: "Message brokers are not reachable from the internet",
    severity: "high",
    description: "A broker with a public address is as safe as its weakest password.",
    remediation: "new aws.mq.Broker(name, { publiclyAccessible: false, subnetIds: privateSubnetIds })",
    types: ["aws:mq/broker:Broker"],
    controls: [],
  },
  (broker) => (broker.get("publiclyAccessible").isOff() ? undefined : "must not set `publiclyAccessible`."),
);
