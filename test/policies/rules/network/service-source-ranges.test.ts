import { UNKNOWN } from "../../../../policies/testing";
import { serviceSourceRanges } from "../../../../policies/rules/network/service-source-ranges";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const ANNOTATION = "service.beta.kubernetes.io/load-balancer-source-ranges";
const annotated = (ranges: unknown) => [
  set("service", "spec.type", "LoadBalancer"),
  set("service", ["metadata", "annotations", ANNOTATION], ranges),
];

describeRule(serviceSourceRanges, {
  good: {
    limited: set("service", "spec", { type: "LoadBalancer", loadBalancerSourceRanges: ["203.0.113.0/24"] }),
    "limited by the annotation": annotated("203.0.113.0/24, 198.51.100.0/24"),
  },
  bad: {
    none: set("service", "spec.type", "LoadBalancer"),
    "everyone by the annotation": annotated("203.0.113.0/24,0.0.0.0/0"),
  },
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
    annotation: annotated(UNKNOWN),
    ranges: set("service", "spec", { type: "LoadBalancer", loadBalancerSourceRanges: UNKNOWN, ports: [] }),
  },
});
