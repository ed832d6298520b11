import { UNKNOWN } from "../../../../policies/testing";
import { serviceSourceRanges } from "../../../../policies/rules/network/service-source-ranges";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(serviceSourceRanges, {
  good: {
    limited: set("service", "spec", { type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] }),
  },
  bad: { none: set("service", "spec.type", "LoadBalancer") },
  partial: {
    "everyone among them": set("service", "spec", {
      type: "LoadBalancer",
      loadBalancerSourceRanges: ["10.0.0.0/8", "0.0.0.0/0"],
    }),
  },
  wrongType: {
    text: set("service", "spec", { type: "LoadBalancer", loadBalancerSourceRanges: "10.0.0.0/8" }),
  },
  unknown: {
    ranges: set("service", "spec", { type: "LoadBalancer", loadBalancerSourceRanges: UNKNOWN, ports: [] }),
  },
});
