import { targetGroupTls } from "../../../../policies/rules/encryption/target-group-tls";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const group = (props: Record<string, unknown>) => put("group", "aws:lb/targetGroup:TargetGroup", props);
const classic = (listener: Record<string, unknown>) =>
  put("balancer", "aws:elb/loadBalancer:LoadBalancer", {
    crossZoneLoadBalancing: true,
    connectionDraining: true,
    internal: true,
    accessLogs: { bucket: "logs", enabled: true },
    listeners: [{ lbPort: 443, instancePort: 8443, ...listener }],
  });

describeRule(targetGroupTls, {
  good: {
    HTTPS: group({ protocol: "HTTPS" }),
    TCP: group({ protocol: "TCP" }),
    "functions, which have no protocol": group({ targetType: "lambda" }),
    "a classic load balancer": classic({ lbProtocol: "https", instanceProtocol: "https" }),
    "a classic load balancer that passes TLS through": classic({
      lbProtocol: "tcp",
      instanceProtocol: "tcp",
    }),
  },
  bad: {
    HTTP: group({ protocol: "HTTP" }),
    "in small letters": group({ protocol: "http" }),
    "the older name": put("group", "aws:alb/targetGroup:TargetGroup", { protocol: "HTTP" }),
    "a classic load balancer": classic({ lbProtocol: "https", instanceProtocol: "http" }),
  },
  partial: { "TLS on the outside only": classic({ lbProtocol: "ssl", instanceProtocol: "tcp" }) },
  wrongType: {
    "a number as the inner protocol": classic({ lbProtocol: "https", instanceProtocol: 443 }),
  },
  unknown: {
    protocol: group({ protocol: UNKNOWN }),
    listeners: classic({ lbProtocol: "https", instanceProtocol: UNKNOWN }),
  },
});
