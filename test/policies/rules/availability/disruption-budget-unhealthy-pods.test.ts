import { disruptionBudgetUnhealthyPods } from "../../../../policies/rules/availability/disruption-budget-unhealthy-pods";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

const policy = (value: unknown) => set("budget", "spec.unhealthyPodEvictionPolicy", value);

describeRule(disruptionBudgetUnhealthyPods, {
  good: { always: policy("AlwaysAllow") },
  bad: { none: remove("budget", "spec.unhealthyPodEvictionPolicy") },
  partial: { "the default": policy("IfHealthyBudget") },
  wrongType: { "a boolean": policy(true) },
  unknown: { policy: policy(UNKNOWN) },
});
