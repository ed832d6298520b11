import { UNKNOWN } from "../../../../policies/testing";
import { loadBalancerZones } from "../../../../policies/rules/availability/load-balancer-zones";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(loadBalancerZones, {
  good: {
    two: example("loadBalancer"),
    mapped: example("loadBalancer", {
      subnets: undefined,
      subnetMappings: [{ subnetId: "a" }, { subnetId: "b" }],
    }),
  },
  bad: { one: example("loadBalancer", { subnets: ["subnet-1"] }) },
  partial: {
    "one mapped": example("loadBalancer", { subnets: undefined, subnetMappings: [{ subnetId: "a" }] }),
  },
  wrongType: { "a text instead of a list": example("loadBalancer", { subnets: "subnet-1" }) },
  unknown: { subnets: example("loadBalancer", { subnets: UNKNOWN }) },
});
