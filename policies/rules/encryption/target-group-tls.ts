import { eachRule } from "../../model/input-rule";
import { protocolOf } from "../../model/load-balancers";
import { oneOrMany } from "../../model/one-or-many";

const ENCRYPTED = new Set(["HTTPS", "SSL"]);

export const targetGroupTls = eachRule(
  {
    id: "target-group-tls",
    title: "Load balancers speak TLS to their targets",
    severity: "medium",
    description:
      "TLS that ends at the load balancer leaves tokens, inputs and answers readable between it and the targets.",
    remediation: 'new aws.lb.TargetGroup(name, { protocol: "HTTPS", port: 8443, vpcId })',
    types: [
      "aws:lb/targetGroup:TargetGroup",
      "aws:alb/targetGroup:TargetGroup",
      "aws:elb/loadBalancer:LoadBalancer",
    ],
    controls: [],
  },
  (fields, { type }) => (type.startsWith("aws:elb/") ? oneOrMany(fields.get("listeners")) : [fields]),
  (target) => {
    if (protocolOf(target.get("protocol")) === "HTTP") return "must use protocol HTTPS.";
    const ends = ENCRYPTED.has(protocolOf(target.get("lbProtocol")));
    const plain = ends && !ENCRYPTED.has(protocolOf(target.get("instanceProtocol")));
    return plain
      ? `must speak TLS to its instances on port ${target.get("instancePort").show()}.`
      : undefined;
  },
);
