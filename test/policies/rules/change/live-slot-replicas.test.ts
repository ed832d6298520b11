import { UNKNOWN } from "../../../../policies/testing";
import { liveSlotReplicas } from "../../../../policies/rules/change/live-slot-replicas";
import { describeRule } from "../../support/describe-rule";
import { type Edit, put, set } from "../../support/edits";
import { podTemplate } from "../../support/world";

const green = (replicas: unknown): Edit[] => {
  const template = podTemplate() as { metadata: unknown };
  template.metadata = { labels: { app: "text", slot: "green" } };
  return [
    put("green", "kubernetes:apps/v1:ReplicaSet", {
      metadata: { name: "green", namespace: "team" },
      spec: { replicas, template },
    }),
    put("greenService", "kubernetes:core/v1:Service", {
      metadata: { name: "green", namespace: "team" },
      spec: {
        type: "ClusterIP",
        selector: { app: "text", slot: "green" },
        ports: [{ name: "http", port: 8000 }],
      },
    }),
    put("greenTls", "kubernetes:gateway.networking.k8s.io/v1:BackendTLSPolicy", {
      metadata: { name: "green", namespace: "team" },
      spec: {
        targetRefs: [{ group: "", kind: "Service", name: "green" }],
        validation: { hostname: "green", wellKnownCACertificates: "System" },
      },
    }),
  ];
};
const keda = (maxReplicaCount: unknown) =>
  put("scaler", "kubernetes:keda.sh/v1alpha1:ScaledObject", {
    metadata: { name: "green", namespace: "team" },
    spec: { minReplicaCount: 2, maxReplicaCount, scaleTargetRef: { kind: "ReplicaSet", name: "green" } },
  });
const weights = (...pairs: [string, unknown][]) =>
  set(
    "route",
    "spec.rules.0.backendRefs",
    pairs.map(([name, weight]) => ({ name, port: 8000, weight })),
  );
const split = weights(["text", 95], ["green", 5]);

describeRule(liveSlotReplicas, {
  good: { "both run": [...green(2), weights(["text", 95], ["green", 5])] },
  bad: { "a canary of none": [...green(0), weights(["text", 95], ["green", 5])] },
  partial: { "a weight by default": [...green(0), weights(["text", 95], ["green", undefined])] },
  notJudged: {
    "no weight": [...green(0), weights(["text", 100], ["green", 0])],
    "brought back by its scaler": [...green(0), keda(5), weights(["text", 95], ["green", 5])],
    "other pods answer for it": [
      ...green(0),
      set("greenService", "spec.selector", { app: "text" }),
      weights(["text", 95], ["green", 5]),
    ],
    "not known how many get nothing": [...green(UNKNOWN), weights(["text", 100], ["green", 0])],
    "another Service's name": [
      ...green(0),
      set("greenService", "metadata.name", UNKNOWN),
      weights(["text", 100]),
    ],
  },
  unknown: {
    weight: [...green(0), weights(["text", 95], ["green", UNKNOWN])],
    "how many": [...green(UNKNOWN), split],
    "what the autoscaler brings back": [...green(0), keda(UNKNOWN), split],
    "what an autoscaler is for": [
      ...green(0),
      keda(5),
      set("scaler", "spec.scaleTargetRef.name", UNKNOWN),
      split,
    ],
    "the Service's name": [...green(0), set("greenService", "metadata.name", UNKNOWN), split],
    "the Service's namespace": [...green(0), set("greenService", "metadata.namespace", UNKNOWN), split],
    "the Service's selector": [...green(0), set("greenService", "spec.selector", UNKNOWN), split],
    "the workload's namespace": [...green(0), set("green", "metadata.namespace", UNKNOWN), split],
    "the workload's labels": [...green(0), set("green", "spec.template.metadata.labels", UNKNOWN), split],
    backend: [...green(0), weights(["text", 95], [UNKNOWN as string, 5])],
  },
});
