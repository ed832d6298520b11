import { inputRule } from "../../model/input-rule";

export const mskAuthentication = inputRule(
  {
    id: "msk-authentication",
    title: "Kafka asks its clients who they are",
    severity: "high",
    description:
      "Unless told otherwise brokers let in everyone who reaches them, to read and write every topic.",
    remediation: "clientAuthentication: { sasl: { iam: true }, unauthenticated: false }",
    types: ["aws:msk/cluster:Cluster"],
    controls: [],
  },
  (fields) => {
    const authentication = fields.get("clientAuthentication");
    if (!authentication.get("unauthenticated").isOff())
      return "must set `clientAuthentication.unauthenticated: false`.";
    const isAsked =
      authentication.get("sasl", "iam").isTrue() ||
      authentication.get("sasl", "scram").isTrue() ||
      authentication.get("tls", "certificateAuthorityArns").items().length > 0;
    return isAsked ? undefined : "must authenticate its clients: set `clientAuthentication.sasl.iam: true`.";
  },
);
