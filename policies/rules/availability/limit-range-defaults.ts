import { inputRule } from "../../model/input-rule";

const PARTS = ["default", "defaultRequest"];

export const limitRangeDefaults = inputRule(
  {
    id: "limit-range-defaults",
    title: "Limit ranges give containers what they do not ask for",
    severity: "low",
    description:
      "A range that only bounds leaves a container that says nothing without requests and limits, which is the one that it is there for.",
    remediation:
      'limits: [{ type: "Container", default: { cpu: "1", memory: "1Gi" }, defaultRequest: { cpu: "100m", memory: "256Mi" } }]',
    types: ["kubernetes:core/*:LimitRange"],
    controls: [],
  },
  (fields) => {
    const ofContainers = fields
      .get("spec", "limits")
      .items()
      .filter((limit) => limit.get("type").string() === "Container");
    const missing = PARTS.filter((part) =>
      ofContainers.every((limit) => limit.get(part).entries().length === 0),
    );
    return ofContainers.length === 0 || missing.length === 0
      ? undefined
      : `must set ${missing.map((part) => `\`${part}\``).join(" and ")} for containers.`;
  },
);
