import { UNKNOWN } from "../../../../policies/testing";
import { disruptionBudgetAllowsDrain } from "../../../../policies/rules/availability/disruption-budget-allows-drain";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";

const least = (value: unknown) => [
  remove("budget", "spec.maxUnavailable"),
  set("budget", "spec.minAvailable", value),
];

describeRule(disruptionBudgetAllowsDrain, {
  good: {
    "one of two stays": least(1),
    "half stay": least("50%"),
    "a third goes": set("budget", "spec.maxUnavailable", "33%"),
  },
  bad: {
    "none may go": set("budget", "spec.maxUnavailable", 0),
    "none, as a percentage": set("budget", "spec.maxUnavailable", "0%"),
    "all must stay": least("100%"),
    "as many as there are": least(2),
  },
  partial: { "more than there are": least(3) },
  notJudged: { "a list": set("budget", "spec.maxUnavailable", [0]) },
  unknown: { most: set("budget", "spec.maxUnavailable", UNKNOWN), least: least(UNKNOWN) },
});
