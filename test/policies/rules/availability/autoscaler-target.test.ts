import { UNKNOWN } from "../../../../policies/testing";
import { autoscalerTarget } from "../../../../policies/rules/availability/autoscaler-target";
import { describeRule } from "../../support/describe-rule";
import { put, remove, set } from "../../support/edits";

const scaler = (name: unknown, kind = "Deployment", namespace = "team") => [
  put("scaler", "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", {
    metadata: { name: "scaler", namespace },
    spec: { minReplicas: 2, maxReplicas: 5, scaleTargetRef: { apiVersion: "apps/v1", kind, name } },
  }),
];

describeRule(autoscalerTarget, {
  good: {
    "the deployment": [...scaler("text"), remove("deployment", "spec.replicas")],
    "another kind": scaler("gone", "Rollout"),
    "where the stack declares none": scaler("gone", "Deployment", "other"),
  },
  bad: { "another name": scaler("gone") },
  partial: { "no name": scaler(undefined) },
  wrongType: { number: scaler(7) },
  unknown: {
    "the only deployment's namespace": [...scaler("gone"), set("deployment", "metadata.namespace", UNKNOWN)],
    name: scaler(UNKNOWN),
    "the deployment's name, another's known": [
      ...scaler("gone"),
      put("later", "kubernetes:apps/v1:Deployment", {
        metadata: { name: UNKNOWN, namespace: "team" },
        spec: { replicas: 2 },
      }),
    ],
  },
});
