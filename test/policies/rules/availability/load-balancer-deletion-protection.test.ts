import { UNKNOWN } from "../../../../policies/testing";
import { loadBalancerDeletionProtection } from "../../../../policies/rules/availability/load-balancer-deletion-protection";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(loadBalancerDeletionProtection, {
  good: { on: example("loadBalancer") },
  bad: {
    off: example("loadBalancer", { enableDeletionProtection: false }),
    unsaid: example("loadBalancer", { enableDeletionProtection: undefined }),
  },
  partial: { none: "one switch, which is on or off" },
  wrongType: { text: example("loadBalancer", { enableDeletionProtection: "true" }) },
  unknown: { switch: example("loadBalancer", { enableDeletionProtection: UNKNOWN }) },
});
