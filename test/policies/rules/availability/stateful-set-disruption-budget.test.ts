import { statefulSetDisruptionBudget } from "../../../../policies/rules/availability/stateful-set-disruption-budget";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";
import { statefulSet } from "../../support/stateful-set";

const spread = (matchLabels: unknown) =>
  set("set", "spec.template.spec.topologySpreadConstraints.0.labelSelector", { matchLabels });
const labels = (value: unknown) => set("set", "spec.template.metadata.labels", value);

describeRule(statefulSetDisruptionBudget, {
  good: { "selected by the budget": statefulSet({}) },
  bad: {
    "other labels": [statefulSet({}), labels({ app: "store" }), spread({ app: "store" })],
    "no labels": [statefulSet({}), labels({}), spread({})],
  },
  partial: {
    "one label of two": [
      statefulSet({}),
      labels({ app: "store" }),
      spread({ app: "store" }),
      put("storeBudget", "kubernetes:policy/v1:PodDisruptionBudget", {
        metadata: { name: "store", namespace: "team" },
        spec: {
          maxUnavailable: 1,
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          selector: { matchLabels: { app: "store", tier: "edge" } },
        },
      }),
    ],
  },
  wrongType: { "labels that are none": [statefulSet({}), labels("app")] },
  unknown: { labels: [statefulSet({}), labels(UNKNOWN)] },
});
