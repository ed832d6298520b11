import { eachRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";
import { isModernTlsPolicy } from "../../model/tls-policies";

const OLD = new Set(["Protocol-SSLv3", "Protocol-TLSv1", "Protocol-TLSv1.1"]);

export const classicLoadBalancerTlsPolicy = eachRule(
  {
    id: "classic-load-balancer-tls-policy",
    title: "Classic load balancers accept TLS 1.2 or newer",
    severity: "high",
    description: "TLS 1.0 and 1.1 are withdrawn (RFC 8996).",
    remediation:
      'attributes: [{ name: "Reference-Security-Policy", value: "ELBSecurityPolicy-TLS-1-2-2017-01" }]',
    types: [
      "aws:elb/sslNegotiationPolicy:SslNegotiationPolicy",
      "aws:elb/loadBalancerPolicy:LoadBalancerPolicy",
    ],
    controls: [],
  },
  (policy) => ["attributes", "policyAttributes"].flatMap((list) => policy.get(list).items()),
  (attribute) => {
    const name = attribute.get("name").string() ?? "";
    if (name === "Reference-Security-Policy") {
      const policy = attribute.get("value");
      return isModernTlsPolicy(policy.string() ?? "")
        ? undefined
        : `must name a policy of TLS 1.2 or newer, not ${policy.show()}.`;
    }
    return OLD.has(name) && isOn(attribute.get("value"))
      ? `must not accept ${name.replace("Protocol-", "")}.`
      : undefined;
  },
);
