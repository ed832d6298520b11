import type { ResourceRule } from "../../model/rule";
import { boundsOf, SCALER_TYPES } from "../../model/scalers";

/** @default 100: more than most clusters have nodes; what KEDA takes where nothing is said. */
const DEFAULT_MAXIMUM = 100;

export const autoscalerBounds: ResourceRule = {
  id: "autoscaler-bounds",
  title: "Autoscalers have room to scale, and an end to it",
  severity: "low",
  description:
    "A scaler whose bounds are equal scales nothing; one without a sensible end turns a flood of requests into a bill.",
  remediation: "spec: { minReplicas: 2, maxReplicas: 10 }",
  types: SCALER_TYPES,
  controls: [],
  configSchema: {
    properties: {
      maximum: {
        type: "integer",
        minimum: 1,
        default: DEFAULT_MAXIMUM,
        description: "Most replicas of any scaler.",
      },
    },
  },
  scope: "resource",
  check(subject, verdict, config) {
    const maximum = typeof config["maximum"] === "number" ? config["maximum"] : DEFAULT_MAXIMUM;
    const { least, most, leastByDefault } = boundsOf(subject);
    const low = least.exists() ? least.number() : leastByDefault;
    const high = most.number();
    if (low === undefined || high === undefined || high <= low) {
      verdict.fail(
        subject,
        `must set \`${most.path}\` (${most.exists() ? most.show() : "nothing"}) above \`${least.path}\` (${least.exists() ? least.show() : leastByDefault}).`,
      );
    } else if (high > maximum) {
      verdict.fail(subject, `must set \`${most.path}\` to at most ${maximum}, not ${high}.`);
    }
  },
};
