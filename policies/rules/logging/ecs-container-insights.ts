import { inputRule } from "../../model/input-rule";

export const ecsContainerInsights = inputRule(
  {
    id: "ecs-container-insights",
    title: "Clusters of ECS measure their containers",
    severity: "low",
    description: "Without Container Insights nobody sees which task takes the memory, restarts or fails.",
    remediation: 'settings: [{ name: "containerInsights", value: "enhanced" }]',
    types: ["aws:ecs/cluster:Cluster"],
    controls: [],
  },
  (fields) => {
    const on = fields
      .get("settings")
      .items()
      .some(
        (setting) =>
          setting.get("name").string() === "containerInsights" &&
          ["enabled", "enhanced"].includes(setting.get("value").string() ?? ""),
      );
    return on ? undefined : 'must set `containerInsights` to "enabled" or "enhanced" in `settings`.';
  },
);
