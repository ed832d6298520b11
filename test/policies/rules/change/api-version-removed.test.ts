import { apiVersionRemoved } from "../../../../policies/rules/change/api-version-removed";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const spec = {
  maxUnavailable: 1,
  unhealthyPodEvictionPolicy: "AlwaysAllow",
  selector: { matchLabels: { app: "text" } },
};
const budget = (version: string, name = "text") =>
  put("budget", `kubernetes:policy/${version}:PodDisruptionBudget`, {
    metadata: { name, namespace: "team" },
    spec,
  });

describeRule(apiVersionRemoved, {
  good: { "the version of today": budget("v1") },
  bad: { "a version that is gone": budget("v1beta1") },
  partial: {
    "one of a list": put("list", "kubernetes:policy/v1beta1:PodDisruptionBudgetList", {
      items: [{ metadata: { name: "a", namespace: "team" }, spec }],
    }),
  },
  wrongType: { none: "the rule reads the type alone, which is always a text" },
  unknown: { none: "the rule reads the type alone, which is always known" },
});
