import { eachRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

/** Ports on which clients speak HTTP without TLS. */
const PLAIN = ["80", "8080"];

export const classicLoadBalancerPlainPort = eachRule(
  {
    id: "classic-load-balancer-plain-port",
    title: "Classic load balancers pass no plain HTTP through",
    severity: "medium",
    description: "A TCP listener on port 80 takes what clients send there, which is HTTP without TLS.",
    remediation:
      'listeners: [{ lbPort: 443, lbProtocol: "https", instancePort: 8443, instanceProtocol: "https", sslCertificateId }]',
    types: ["aws:elb/loadBalancer:LoadBalancer"],
    controls: [],
  },
  (balancer) => oneOrMany(balancer.get("listeners")),
  (listener) => {
    if (listener.get("lbProtocol").string()?.toUpperCase() !== "TCP") return undefined;
    const port = listener.get("lbPort").value();
    return PLAIN.includes(String(port)) ? `must not listen on port ${String(port)}.` : undefined;
  },
);
