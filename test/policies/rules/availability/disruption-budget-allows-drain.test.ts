import { UNKNOWN } from "../../../../policies/testing";
import { disruptionBudgetAllowsDrain } from "../../../../policies/rules/availability/disruption-budget-allows-drain";
import { describeRule } from "../../support/describe-rule";
import { put, remove, set } from "../../support/edits";

const least = (value: unknown) => [
  remove("budget", "spec.maxUnavailable"),
  set("budget", "spec.minAvailable", value),
];

/** An autoscaler of the deployment that keeps this many. */
const scaled = (minReplicas: unknown) => [
  remove("deployment", "spec.replicas"),
  put("scaler", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", {
    metadata: { name: "text", namespace: "team" },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "text" },
      minReplicas,
      maxReplicas: 9,
    },
  }),
];

describeRule(disruptionBudgetAllowsDrain, {
  good: {
    "one of two stays": least(1),
    "half stay": least("50%"),
    "fewer than an autoscaler keeps": [...least(4), ...scaled(5)],
    "a third goes": set("budget", "spec.maxUnavailable", "33%"),
  },
  bad: {
    "none may go": set("budget", "spec.maxUnavailable", 0),
    "none, as a percentage": set("budget", "spec.maxUnavailable", "0%"),
    "all must stay": least("100%"),
    "as many as there are": least(2),
    "as many as an autoscaler keeps": [...least(5), ...scaled(5)],
  },
  partial: { "more than there are": least(3) },
  notJudged: { "a list": set("budget", "spec.maxUnavailable", [0]) },
  unknown: {
    "what an autoscaler keeps": [...least(2), ...scaled(UNKNOWN)],
    most: set("budget", "spec.maxUnavailable", UNKNOWN),
    least: least(UNKNOWN),
  },
});
