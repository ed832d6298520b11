import { UNKNOWN } from "../../../../policies/testing";
import { deploymentMinimumReplicaCount } from "../../../../policies/rules/availability/deployment-minimum-replica-count";
import { describeRule } from "../../support/describe-rule";
import { put, remove, set } from "../../support/edits";

const scaler = (minReplicas: number, name = "text") => ({
  metadata: { name: "text", namespace: "team" },
  spec: { minReplicas, maxReplicas: 5, scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name } },
});

describeRule(deploymentMinimumReplicaCount, {
  good: {
    "by its scaler": [
      set("deployment", "spec.replicas", 1),
      put("scaler", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", scaler(2)),
    ],
  },
  bad: {
    one: set("deployment", "spec.replicas", 1),
    "not set": remove("deployment", "spec.replicas"),
    "by its scaler": put("scaler", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", scaler(1)),
  },
  partial: {
    "a scaler of another deployment": [
      set("deployment", "spec.replicas", 1),
      put("scaler", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", scaler(3, "other")),
    ],
  },
  wrongType: { text: set("deployment", "spec.replicas", "3") },
  unknown: { replicas: set("deployment", "spec.replicas", UNKNOWN) },
});
