import { UNKNOWN } from "../../../../policies/testing";
import { routeWeights } from "../../../../policies/rules/change/route-weights";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const backends = (...weights: unknown[]) =>
  set(
    "route",
    "spec.rules.0.backendRefs",
    weights.map((weight) => ({ name: "text", port: 8000, weight })),
  );

describeRule(routeWeights, {
  good: { "one of two": backends(0, 100), "left out": backends(undefined) },
  bad: { "both none": backends(0, 0), "the only one none": backends(0) },
  partial: { "below none": backends(-1) },
  notJudged: { texts: backends("0") },
  unknown: { weight: backends(0, UNKNOWN) },
});
