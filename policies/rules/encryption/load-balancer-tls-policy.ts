import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { protocolOf } from "../../model/load-balancers";
import { isModernTlsPolicy } from "../../model/tls-policies";

export const loadBalancerTlsPolicy = inputRule(
  {
    id: "load-balancer-tls-policy",
    title: "Load balancers accept TLS 1.2 or newer",
    severity: "high",
    description: "Where no policy is named, AWS takes ELBSecurityPolicy-2016-08, which accepts TLS 1.0.",
    remediation: 'sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06"',
    types: ["aws:lb/listener:Listener", "aws:alb/listener:Listener"],
    controls: awsControls("elbv2_insecure_ssl_ciphers"),
  },
  (listener) => {
    if (!["HTTPS", "TLS"].includes(protocolOf(listener.get("protocol")))) return undefined;
    const policy = listener.get("sslPolicy");
    if (isModernTlsPolicy(policy.string() ?? "")) return undefined;
    return `must name an \`sslPolicy\` of TLS 1.2 or newer, not ${policy.exists() ? policy.show() : "leave it to the default"}.`;
  },
);
