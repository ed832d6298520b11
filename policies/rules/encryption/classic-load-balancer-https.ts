import { awsControls } from "../../model/aws-controls";
import { eachRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

export const classicLoadBalancerHttps = eachRule(
  {
    id: "classic-load-balancer-https",
    title: "Classic load balancers end TLS",
    severity: "high",
    description:
      "A listener of protocol HTTP takes requests in plain text, and a classic load balancer cannot redirect.",
    remediation:
      'listeners: [{ lbPort: 443, lbProtocol: "https", instancePort: 8443, instanceProtocol: "https", sslCertificateId }]',
    types: ["aws:elb/loadBalancer:LoadBalancer"],
    controls: awsControls("elb_ssl_listeners"),
  },
  (balancer) => oneOrMany(balancer.get("listeners")),
  (listener) =>
    listener.get("lbProtocol").string()?.toUpperCase() === "HTTP"
      ? `must use protocol HTTPS on port ${listener.get("lbPort").show()}.`
      : undefined,
);
