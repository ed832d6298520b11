import { from, type TwinData } from "../model";
import { canary, DIGEST_OF, opsWorld, scaledObject } from "../worlds/operations";
import { deployment, rollout, statefulSet } from "../worlds/kubernetes";

export const rollouts: readonly TwinData[] = [
  ...from("KEDA documentation", [
    [
      "ScaledObject: maxReplicaCount",
      "no upper bound is set",
      scaledObject,
      { "scaled.spec.maxReplicaCount": undefined },
    ],
    [
      "ScaledObject: minReplicaCount",
      "a minimum above the maximum",
      scaledObject,
      { "scaled.spec.minReplicaCount": 30 },
    ],
  ]),
  ...from("Flagger documentation", [
    ["Canary analysis", "no analysis", canary, { "canary.spec.analysis": undefined }],
    [
      "Canary analysis",
      "the analysis is skipped",
      canary,
      { "canary.spec.skipAnalysis": true },
      { good: { "canary.spec.skipAnalysis": false } },
    ],
    ["Canary analysis", "no metric is looked at", canary, { "canary.spec.analysis.metrics": [] }],
  ]),
  ...from("Argo Rollouts documentation", [
    [
      "Canary: analysis",
      "a canary without analysis",
      rollout,
      { "workload.spec.strategy.canary.steps": [{ setWeight: 10 }, { setWeight: 50 }] },
    ],
    ["Canary: steps", "a canary without steps", rollout, { "workload.spec.strategy.canary.steps": [] }],
    [
      "BlueGreen: scaleDownDelaySeconds",
      "the old version ends at once",
      rollout,
      {
        "workload.spec.strategy": {
          blueGreen: {
            activeService: "shop",
            previewService: "preview",
            scaleDownDelaySeconds: 0,
            prePromotionAnalysis: { templates: [{ templateName: "a" }] },
          },
        },
      },
      {
        good: {
          "workload.spec.strategy": {
            blueGreen: {
              activeService: "shop",
              previewService: "preview",
              scaleDownDelaySeconds: 600,
              autoPromotionEnabled: false,
              prePromotionAnalysis: { templates: [{ templateName: "a" }] },
            },
          },
        },
      },
    ],
    [
      "Rollout: revisionHistoryLimit",
      "no revision is kept",
      rollout,
      { "workload.spec.revisionHistoryLimit": 0 },
      { good: { "workload.spec.revisionHistoryLimit": 5 } },
    ],
  ]),
  ...from("Prowler", [
    [
      "core_no_secrets_envs",
      "a secret in the environment of one container",
      statefulSet,
      { "second.env": [{ name: "API", valueFrom: { secretKeyRef: { name: "api", key: "k" } } }] },
    ],
  ]),
  ...from("Kubescape", [
    [
      "C-0075 Image pull policy on latest tag",
      "latest, pulled only once",
      deployment,
      { "c.image": "shop:latest", "c.imagePullPolicy": "IfNotPresent" },
    ],
    [
      "C-0237 Check if signature exists",
      "a model by a tag that can move",
      deployment,
      { "init.args": ["pull", "oci://registry.example/models/shop:latest"] },
      { good: { "init.args": ["pull", `oci://registry.example/models/shop@${DIGEST_OF}`] } },
    ],
    [
      "C-0078 Images from allowed registry",
      "Envoy's image by tag, in the operator's resource",
      opsWorld,
      { "envoy.spec.provider.kubernetes.envoyDeployment.container.image": "envoyproxy/envoy:v1.33" },
    ],
    [
      "C-0078 Images from allowed registry",
      "Prometheus' image by tag, in the operator's resource",
      opsWorld,
      { "prometheus.spec.image": "quay.io/prometheus/prometheus:v3.0.0" },
    ],
  ]),
];
