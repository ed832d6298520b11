import { ecsContainerInsights } from "../../../../policies/rules/logging/ecs-container-insights";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const cluster = (value?: unknown) =>
  put("tasks", "aws:ecs/cluster:Cluster", {
    name: "a",
    settings: value === undefined ? [] : [{ name: "containerInsights", value }],
  });

describeRule(ecsContainerInsights, {
  good: { enabled: cluster("enabled"), enhanced: cluster("enhanced") },
  bad: { none: cluster(), disabled: cluster("disabled") },
  partial: {
    "another setting": put("tasks", "aws:ecs/cluster:Cluster", {
      name: "a",
      settings: [{ name: "other", value: "enabled" }],
    }),
  },
  wrongType: { "a boolean": cluster(true) },
  unknown: { value: cluster(UNKNOWN) },
});
