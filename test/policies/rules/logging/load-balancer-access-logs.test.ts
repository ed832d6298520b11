import { UNKNOWN } from "../../../../policies/testing";
import { loadBalancerAccessLogs } from "../../../../policies/rules/logging/load-balancer-access-logs";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(loadBalancerAccessLogs, {
  good: {
    on: example("loadBalancer"),
    classic: example("classicLoadBalancer", { accessLogs: { bucket: "logs" } }),
    gateway: example("loadBalancer", { loadBalancerType: "gateway", accessLogs: undefined }),
  },
  bad: {
    unsaid: example("loadBalancer", { accessLogs: undefined }),
    off: example("loadBalancer", { accessLogs: { bucket: "logs", enabled: false } }),
    classic: example("classicLoadBalancer", { accessLogs: undefined }),
  },
  partial: {
    "a bucket only": example("loadBalancer", { accessLogs: { bucket: "logs" } }),
    "an empty bucket": example("classicLoadBalancer", { accessLogs: { bucket: "", enabled: true } }),
  },
  wrongType: {
    text: example("loadBalancer", { accessLogs: { bucket: "logs", enabled: "true" } }),
    "a text that AWS reads as off": example("classicLoadBalancer", {
      accessLogs: { bucket: "logs", enabled: "false" },
    }),
  },
  unknown: { logs: example("loadBalancer", { accessLogs: UNKNOWN }) },
});
