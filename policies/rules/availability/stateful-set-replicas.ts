import type { ResourceRule } from "../../model/rule";

/** @default 2: one pod can go without the service going with it. */
const DEFAULT_MINIMUM = 2;

export const statefulSetReplicas: ResourceRule = {
  id: "stateful-set-replicas",
  title: "StatefulSets and Rollouts run more than one replica",
  severity: "low",
  description: "With a single replica every drain of its node is an outage.",
  remediation: "spec: { replicas: 2 }",
  types: ["kubernetes:apps/*:StatefulSet", "kubernetes:argoproj.io/*:Rollout"],
  controls: [],
  configSchema: {
    properties: {
      minimum: { type: "integer", minimum: 1, default: DEFAULT_MINIMUM, description: "Least replicas." },
    },
  },
  scope: "resource",
  check(subject, verdict, config) {
    const minimum = typeof config["minimum"] === "number" ? config["minimum"] : DEFAULT_MINIMUM;
    const replicas = subject.fields.get("spec", "replicas");
    const count = replicas.exists() ? replicas.number() : 1;
    if (count === undefined || count < minimum) {
      verdict.fail(
        subject,
        `must run at least ${minimum} replicas, not ${replicas.exists() ? replicas.show() : 1}.`,
      );
    }
  },
};
