import { UNKNOWN } from "../../../../policies/testing";
import { loadBalancerRequestChecks } from "../../../../policies/rules/network/load-balancer-request-checks";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(loadBalancerRequestChecks, {
  good: {
    strictest: example("loadBalancer", { desyncMitigationMode: "strictest" }),
    "a network one": example("loadBalancer", {
      loadBalancerType: "network",
      dropInvalidHeaderFields: undefined,
    }),
    classic: example("classicLoadBalancer"),
  },
  bad: {
    "invalid headers": example("loadBalancer", { dropInvalidHeaderFields: false }),
    "requests only watched": example("loadBalancer", { desyncMitigationMode: "monitor" }),
    "a classic one": example("classicLoadBalancer", { desyncMitigationMode: "monitor" }),
  },
  partial: {
    "one of both": example("loadBalancer", {
      desyncMitigationMode: "defensive",
      dropInvalidHeaderFields: undefined,
    }),
  },
  wrongType: { text: example("loadBalancer", { dropInvalidHeaderFields: "true" }) },
  unknown: { headers: example("loadBalancer", { dropInvalidHeaderFields: UNKNOWN }) },
});
