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
  wrongType: {
    "a text instead of a list": example("loadBalancer", { internal: false, securityGroups: "sg-1" }),
    "a word as the switch": example("loadBalancer", { internal: "true", securityGroups: undefined }),
  },
  unknown: {
    groups: example("loadBalancer", {
      loadBalancerType: "network",
      internal: false,
      securityGroups: UNKNOWN,
    }),
  },
});
