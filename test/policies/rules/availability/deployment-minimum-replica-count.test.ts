import { UNKNOWN } from "../../../../policies/testing";
import { deploymentMinimumReplicaCount } from "../../../../policies/rules/availability/deployment-minimum-replica-count";
import { describeRule } from "../../support/describe-rule";
import { put, remove, set } from "../../support/edits";

const scaler = (minReplicas: number, kind = "Deployment") => ({
  metadata: { name: "text", namespace: "team" },
  spec: { minReplicas, maxReplicas: 5, scaleTargetRef: { apiVersion: "apps/v1", kind, name: "text" } },
});

/** As KEDA has it: what it scales is a Deployment unless it says otherwise. */
const keda = (minReplicaCount?: number) => ({
  metadata: { name: "text", namespace: "team" },
  spec: { minReplicaCount, maxReplicaCount: 5, scaleTargetRef: { name: "text" } },
});

describeRule(deploymentMinimumReplicaCount, {
  good: {
    "by its scaler": [
      remove("deployment", "spec.replicas"),
      put("scaler", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", scaler(2)),
    ],
    "by its ScaledObject": [
      remove("deployment", "spec.replicas"),
      put("scaler", "kubernetes:keda.sh/v1alpha1:ScaledObject", keda(2)),
    ],
  },
  bad: {
    one: set("deployment", "spec.replicas", 1),
    "not set": remove("deployment", "spec.replicas"),
    "none, by its ScaledObject": [
      remove("deployment", "spec.replicas"),
      put("scaler", "kubernetes:keda.sh/v1alpha1:ScaledObject", keda()),
    ],
    "by its scaler": [
      remove("deployment", "spec.replicas"),
      put("scaler", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", scaler(1)),
    ],
  },
  partial: {
    "a scaler of another kind": [
      remove("deployment", "spec.replicas"),
      put("scaler", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", scaler(3, "Rollout")),
    ],
  },
  wrongType: { text: set("deployment", "spec.replicas", "3") },
  unknown: { replicas: set("deployment", "spec.replicas", UNKNOWN) },
});
