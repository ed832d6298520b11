import { UNKNOWN } from "../../../../policies/testing";
import { autoscalerBounds } from "../../../../policies/rules/availability/autoscaler-bounds";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const metadata = { name: "far", namespace: "team" };
const scaleTargetRef = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "far" };
const hpa = (minReplicas: unknown, maxReplicas: unknown) =>
  put("scaler", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", {
    metadata,
    spec: { scaleTargetRef, minReplicas, maxReplicas },
  });
const keda = (spec: Record<string, unknown>) =>
  put("scaler", "kubernetes:keda.sh/v1alpha1:ScaledObject", { metadata, spec: { scaleTargetRef, ...spec } });

describeRule(autoscalerBounds, {
  good: {
    "two to five": hpa(2, 5),
    "one by default": hpa(undefined, 5),
    "KEDA's": keda({ minReplicaCount: 1, maxReplicaCount: 20 }),
  },
  bad: {
    equal: hpa(3, 3),
    crossed: hpa(5, 2),
    "no end in sight": hpa(2, 1000),
    "KEDA's, equal": keda({ minReplicaCount: 4, maxReplicaCount: 4 }),
  },
  partial: {
    "no end": hpa(2, undefined),
    "KEDA's own end, which nobody chose": keda({ minReplicaCount: 1 }),
  },
  wrongType: { text: hpa(2, "5") },
  unknown: { end: hpa(2, UNKNOWN), start: hpa(UNKNOWN, 5) },
});
