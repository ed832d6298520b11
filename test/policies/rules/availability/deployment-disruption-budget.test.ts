import { UNKNOWN } from "../../../../policies/testing";
import { deploymentDisruptionBudget } from "../../../../policies/rules/availability/deployment-disruption-budget";
import { describeRule } from "../../support/describe-rule";
import { drop, set } from "../../support/edits";

describeRule(deploymentDisruptionBudget, {
  good: {
    "by an expression": set("budget", "spec.selector", {
      matchExpressions: [{ key: "app", operator: "In", values: ["text", "voice"] }],
    }),
  },
  bad: { none: drop("budget"), "for others": set("budget", "spec.selector.matchLabels", { app: "voice" }) },
  partial: {
    "in another namespace": set("budget", "metadata.namespace", "other"),
    "one label of two": set("budget", "spec.selector.matchLabels", { app: "text", tier: "x" }),
  },
  wrongType: { "a text as selector": set("budget", "spec.selector.matchLabels", { app: 7 }) },
  unknown: {
    selector: set("budget", "spec.selector", UNKNOWN),
    labels: set("deployment", "spec.template.metadata.labels", UNKNOWN),
  },
});
