import { UNKNOWN } from "../../../../policies/testing";
import { loadBalancerSources } from "../../../../policies/rules/network/load-balancer-sources";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(loadBalancerSources, {
  good: {
    internal: example("loadBalancer", { securityGroups: undefined }),
    "with groups": example("loadBalancer", { loadBalancerType: "network", internal: false }),
    gateway: example("loadBalancer", {
      loadBalancerType: "gateway",
      internal: undefined,
      securityGroups: undefined,
    }),
  },
  bad: {
    network: example("loadBalancer", {
      loadBalancerType: "network",
      internal: false,
      securityGroups: undefined,
    }),
  },
  partial: {
    "no groups in the list": example("loadBalancer", {
      loadBalancerType: "network",
      internal: undefined,
      securityGroups: [],
    }),
  },
  unknown: {
    groups: example("loadBalancer", {
      loadBalancerType: "network",
      internal: false,
      securityGroups: UNKNOWN,
    }),
  },
});
