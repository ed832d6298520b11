import { classicLoadBalancerPlainPort } from "../../../../policies/rules/encryption/classic-load-balancer-plain-port";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const balancer = (...listeners: unknown[]) =>
  put("balancer", "aws:elb/loadBalancer:LoadBalancer", {
    crossZoneLoadBalancing: true,
    connectionDraining: true,
    internal: true,
    accessLogs: { bucket: "logs", enabled: true },
    listeners,
  });
const tls = { lbPort: 443, lbProtocol: "tcp" };

describeRule(classicLoadBalancerPlainPort, {
  good: {
    "TLS passed through": balancer(tls),
    "another protocol": balancer({ lbPort: 6379, lbProtocol: "tcp" }),
  },
  bad: {
    HTTP: balancer({ lbPort: 80, lbProtocol: "tcp" }),
    "a port as a text": balancer({ lbPort: "8080", lbProtocol: "TCP" }),
  },
  partial: { "one of two": balancer(tls, { lbPort: 80, lbProtocol: "tcp" }) },
  wrongType: { "a port as a text": balancer({ lbPort: "80", lbProtocol: "tcp" }) },
  unknown: {
    port: balancer({ lbPort: UNKNOWN, lbProtocol: "tcp" }),
    protocol: balancer({ lbPort: 80, lbProtocol: UNKNOWN }),
  },
});
