import type { StackRule } from "../../model/rule";
import { boundsOf, scalersByTarget, scalersOf } from "../../model/scalers";

/** @default 2: one pod can go without the service going with it. */
const DEFAULT_MINIMUM = 2;

export const deploymentMinimumReplicaCount: StackRule = {
  id: "deployment-minimum-replica-count",
  title: "Deployments run more than one replica",
  severity: "low",
  description: "With a single replica every drain of its node is an outage.",
  remediation:
    "spec: { replicas: 2 } // or minReplicas: 2 in its HorizontalPodAutoscaler, or minReplicaCount: 2 in its ScaledObject",
  types: ["kubernetes:apps/*:Deployment"],
  controls: [],
  configSchema: {
    properties: {
      minimum: { type: "integer", minimum: 1, default: DEFAULT_MINIMUM, description: "Least replicas." },
    },
  },
  scope: "stack",
  check(stack, verdict, config) {
    const minimum = typeof config["minimum"] === "number" ? config["minimum"] : DEFAULT_MINIMUM;
    const scalers = scalersByTarget(stack);
    for (const deployment of stack.ofKind("apps", "Deployment")) {
      verdict.judge(deployment, () => {
        const [scaler] = scalersOf(deployment, scalers);
        const bounds = scaler && boundsOf(scaler);
        const declared = bounds ? bounds.least : deployment.fields.get("spec", "replicas");
        const absent = bounds ? bounds.leastByDefault : 1;
        const count = declared.exists() ? declared.number() : absent;
        if (count === undefined || count < minimum) {
          verdict.fail(
            deployment,
            `must run at least ${minimum} replicas, not ${declared.exists() ? declared.show() : absent}.`,
          );
        }
      });
    }
  },
};
