import { classicLoadBalancerHttps } from "../../../../policies/rules/encryption/classic-load-balancer-https";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const balancer = (more: Record<string, unknown>) =>
  put("balancer", "aws:elb/loadBalancer:LoadBalancer", {
    crossZoneLoadBalancing: true,
    connectionDraining: true,
    internal: true,
    accessLogs: { bucket: "logs", enabled: true },
    ...more,
  });

describeRule(classicLoadBalancerHttps, {
  good: {
    HTTPS: balancer({ listeners: [{ lbPort: 443, lbProtocol: "https", instanceProtocol: "https" }] }),
    "TCP, which passes TLS through": balancer({ listeners: [{ lbPort: 443, lbProtocol: "tcp" }] }),
  },
  bad: {
    HTTP: balancer({ listeners: [{ lbPort: 80, lbProtocol: "http" }] }),
    "in capitals": balancer({ listeners: [{ lbPort: 80, lbProtocol: "HTTP" }] }),
  },
  partial: {
    "one of two": balancer({
      listeners: [
        { lbPort: 443, lbProtocol: "https", instanceProtocol: "https" },
        { lbPort: 80, lbProtocol: "http" },
      ],
    }),
  },
  wrongType: { "one listener, not a list": balancer({ listeners: { lbPort: 80, lbProtocol: "http" } }) },
  unknown: {
    listeners: balancer({ listeners: UNKNOWN }),
    protocol: balancer({ listeners: [{ lbPort: 80, lbProtocol: UNKNOWN }] }),
  },
});
