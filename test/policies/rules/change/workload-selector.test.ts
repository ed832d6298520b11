import { workloadSelector } from "../../../../policies/rules/change/workload-selector";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const labels = { app: "text" };
const selector = (value: unknown) => set("deployment", "spec.selector", value);

describeRule(workloadSelector, {
  good: {
    "the same labels": selector({ matchLabels: labels }),
    "by an expression": selector({ matchExpressions: [{ key: "app", operator: "In", values: ["text"] }] }),
  },
  bad: { "another value": selector({ matchLabels: { app: "other" } }) },
  partial: { "one label too many": selector({ matchLabels: { ...labels, tier: "edge" } }) },
  wrongType: { "a number as a label": selector({ matchLabels: { app: 7 } }) },
  notJudged: { "labels are a list": selector({ matchLabels: ["app"] }) },
  unknown: { selector: selector(UNKNOWN), value: selector({ matchLabels: { app: UNKNOWN } }) },
});
