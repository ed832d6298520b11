import { UNKNOWN } from "../../../../policies/testing";
import { autoscalerReplicasConflict } from "../../../../policies/rules/availability/autoscaler-replicas-conflict";
import { describeRule } from "../../support/describe-rule";
import { put, remove, set } from "../../support/edits";

const scaler = (name: unknown, kind = "Deployment") =>
  put("scaler", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", {
    metadata: { name: "text", namespace: "team" },
    spec: {
      minReplicas: 2,
      maxReplicas: 5,
      scaleTargetRef: { apiVersion: "apps/v1", kind, name },
    },
  });
const keda = put("scaler", "kubernetes:keda.sh/v1alpha1:ScaledObject", {
  metadata: { name: "text", namespace: "team" },
  spec: { minReplicaCount: 2, maxReplicaCount: 5, scaleTargetRef: { name: "text" } },
});

describeRule(autoscalerReplicasConflict, {
  good: {
    "left out": [scaler("text"), remove("deployment", "spec.replicas")],
    "stated for the first time only": [
      scaler("text"),
      (world) => {
        world.deployment = { ...world.deployment!, ignoreChanges: ["spec.replicas"] };
      },
    ],
    "filled in by the API server": [
      scaler("text"),
      set("deployment", "__inputs", { spec: { template: {} } }),
    ],
    "of another kind": scaler("text", "Rollout"),
  },
  bad: { both: scaler("text"), "KEDA's": keda },
  partial: {
    "another property ignored": [
      scaler("text"),
      (world) => {
        world.deployment = { ...world.deployment!, ignoreChanges: ["metadata.labels"] };
      },
    ],
    "three and a scaler": [scaler("text"), set("deployment", "spec.replicas", 3)],
  },
  wrongType: { text: [scaler("text"), set("deployment", "spec.replicas", "3")] },
  unknown: {
    "whose scaler it is": scaler(UNKNOWN),
    replicas: [scaler("text"), set("deployment", "spec.replicas", UNKNOWN)],
  },
});
