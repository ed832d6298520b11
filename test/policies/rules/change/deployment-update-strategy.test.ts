import { UNKNOWN } from "../../../../policies/testing";
import { deploymentUpdateStrategy } from "../../../../policies/rules/change/deployment-update-strategy";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const strategy = (value: unknown) => set("deployment", "spec.strategy", value);
const unavailable = (maxUnavailable: unknown) =>
  strategy({ type: "RollingUpdate", rollingUpdate: { maxUnavailable } });

describeRule(deploymentUpdateStrategy, {
  good: { "one of two": unavailable(1), "a quarter": unavailable("25%"), none: unavailable(0) },
  bad: {
    recreate: strategy({ type: "Recreate" }),
    "all by percentage": unavailable("100%"),
    "both of two": unavailable(2),
  },
  partial: { "more than there are": unavailable(5) },
  notJudged: { text: strategy("Recreate") },
  unknown: { type: strategy({ type: UNKNOWN }), count: unavailable(UNKNOWN) },
});
