import { from, type TwinData } from "../model";
import { hpa } from "../worlds/operations";
import {
  cronJob,
  DIGEST,
  deployment,
  inTeam,
  job,
  k8s,
  knative,
  pod,
  rollout,
  statefulSet,
} from "../worlds/kubernetes";

const GPU = { "nvidia.com/gpu": 1 };
const env = (name: string, value: string) => [{ name, value }];

/** A lower bound can be told of the scaler or of what it scales. */
const scaled = { names: ["hpa", "workload"] };

export const workloads: readonly TwinData[] = [
  ...from("Checkov", [
    ["CKV_K8S_13", "no memory limit", deployment, { "c.resources.limits.memory": undefined }],
    ["CKV_K8S_13", "no memory limit in the second container", statefulSet, { "second.resources.limits": {} }],
    ["CKV_K8S_13", "no resources at all", cronJob, { "c.resources": undefined }],
    [
      "CKV_K8S_12",
      "no memory request",
      deployment,
      { "c.resources.requests.memory": undefined, "c.resources.limits.memory": undefined },
    ],
    [
      "CKV_K8S_10",
      "no CPU request",
      deployment,
      { "c.resources.requests.cpu": undefined, "c.resources.limits.cpu": undefined },
    ],
    [
      "CKV_K8S_10",
      "no CPU request in the init container",
      job,
      { "init.resources.requests.cpu": undefined, "init.resources.limits.cpu": undefined },
    ],
    ["CKV_K8S_8", "no liveness probe", deployment, { "c.livenessProbe": undefined }],
    ["CKV_K8S_9", "no readiness probe", deployment, { "c.readinessProbe": undefined }],
    [
      "CKV_K8S_9",
      "no readiness probe in the second container",
      statefulSet,
      { "second.readinessProbe": undefined },
    ],
    ["CKV_K8S_8", "no liveness probe in Argo's Rollout", rollout, { "second.livenessProbe": undefined }],
    ["CKV_K8S_14", "an image by the tag latest", deployment, { "c.image": "registry.example/shop:latest" }],
    ["CKV_K8S_14", "an image without a tag", cronJob, { "c.image": "registry.example/shop" }],
    [
      "CKV_K8S_43",
      "an image by version, without a digest",
      deployment,
      { "c.image": "registry.example/shop:1.4.2" },
      { good: { "c.image": `registry.example/shop:1.4.2@${DIGEST}` } },
    ],
    [
      "CKV_K8S_43",
      "an init image without a digest",
      statefulSet,
      { "init.image": "registry.example/prepare:2" },
    ],
    ["CKV_K8S_43", "a digest that is cut off", knative, { "c.image": "registry.example/shop@sha256:abc" }],
    [
      "CKV_K8S_35",
      "a secret as environment variable",
      deployment,
      { "c.env": [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "token", key: "t" } } }] },
      {
        good: {
          "c.env": [{ name: "TOKEN_FILE", value: "/etc/token/t" }],
          "pod.volumes.1": { name: "token", secret: { secretName: "token" } },
        },
      },
    ],
    [
      "CKV_K8S_35",
      "a whole secret as environment",
      job,
      { "c.envFrom": [{ secretRef: { name: "token" } }] },
      { good: { "c.envFrom": [{ configMapRef: { name: "conf" } }] } },
    ],
    ["CKV_K8S_21", "the namespace default", deployment, { "workload.metadata.namespace": "default" }],
    ["CKV_K8S_21", "no namespace", statefulSet, { "workload.metadata.namespace": undefined }],
  ]),
  ...from("Kubescape", [
    [
      "C-0012 Applications credentials in configuration files",
      "a password as environment variable",
      deployment,
      { "c.env": env("DB_PASSWORD", "hunter2-prod") },
      { good: { "c.env": env("DB_PASSWORD_FILE", "/etc/db/password") } },
    ],
    [
      "C-0012 Applications credentials in configuration files",
      "an AWS key as environment variable",
      cronJob,
      { "second.env": env("KEY_ID", "AKIAIOSFODNN7EXAMPLE") },
      { good: { "second.env": env("KEY_ID", "from-the-role") } },
    ],
    [
      "C-0012 Applications credentials in configuration files",
      "a URL with a password as environment variable",
      statefulSet,
      { "c.env": env("DATABASE", "postgres://shop:s3cr3t@db:5432/shop") },
      { good: { "c.env": env("DATABASE", "postgres://db:5432/shop") } },
    ],
    [
      "C-0012 Applications credentials in configuration files",
      "a password on the command line",
      deployment,
      { "c.args": ["--db-password=hunter2-prod"] },
      { good: { "c.args": ["--db-password-file=/etc/db/password"] } },
    ],
    [
      "C-0012 Applications credentials in configuration files",
      "a password in a ConfigMap",
      deployment,
      { conf: k8s("core/v1:ConfigMap", { metadata: inTeam("conf"), data: { password: "hunter2-prod" } }) },
      {
        good: { conf: k8s("core/v1:ConfigMap", { metadata: inTeam("conf"), data: { level: "info" } }) },
        names: ["conf"],
      },
    ],
    [
      "C-0012 Applications credentials in configuration files",
      "a private key in a ConfigMap",
      deployment,
      {
        conf: k8s("core/v1:ConfigMap", {
          metadata: inTeam("conf"),
          data: { "tls.key": "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----" },
        }),
      },
      {
        good: {
          conf: k8s("core/v1:ConfigMap", {
            metadata: inTeam("conf"),
            data: { "ca.crt": "-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----" },
          }),
        },
        names: ["conf"],
      },
    ],
    [
      "C-0053 Access container service account",
      "a token of an account that never ends",
      deployment,
      {
        token: k8s("core/v1:Secret", {
          metadata: { ...inTeam("token"), annotations: { "kubernetes.io/service-account.name": "shop" } },
          type: "kubernetes.io/service-account-token",
        }),
      },
      {
        good: { token: k8s("core/v1:Secret", { metadata: inTeam("token"), type: "Opaque", stringData: {} }) },
        names: ["token"],
      },
    ],
    [
      "C-0061 Pods in default namespace",
      "a bare pod in the namespace default",
      pod,
      { "workload.metadata.namespace": "default" },
    ],
  ]),
  ...from("Kubernetes documentation", [
    [
      "Schedule GPUs",
      "a GPU requested and no limit",
      deployment,
      { "c.resources.requests": { cpu: "1", memory: "256Mi", ...GPU } },
      {
        good: {
          "c.resources": {
            requests: { cpu: "1", memory: "256Mi", ...GPU },
            limits: { "ephemeral-storage": "1Gi", cpu: "1", memory: "256Mi", ...GPU },
          },
        },
      },
    ],
    [
      "Schedule GPUs",
      "fewer GPUs requested than the limit",
      statefulSet,
      {
        "c.resources": {
          requests: { cpu: "1", memory: "1Gi", "nvidia.com/gpu": "1" },
          limits: { "ephemeral-storage": "1Gi", cpu: "1", memory: "1Gi", "nvidia.com/gpu": "2" },
        },
      },
      {
        good: {
          "c.resources": {
            requests: { cpu: "1", memory: "1Gi", "nvidia.com/gpu": "1" },
            limits: { "ephemeral-storage": "1Gi", cpu: "1", memory: "1Gi", "nvidia.com/gpu": 1 },
          },
        },
      },
    ],
    [
      "Schedule GPUs",
      "more GPUs requested than the limit, in a job",
      job,
      {
        "second.resources.requests": { cpu: "1", memory: "256Mi", "amd.com/gpu": 2 },
        "second.resources.limits": {
          "ephemeral-storage": "1Gi",
          cpu: "1",
          memory: "256Mi",
          "amd.com/gpu": 1,
        },
      },
      {
        good: {
          "second.resources.limits": {
            "ephemeral-storage": "1Gi",
            cpu: "1",
            memory: "256Mi",
            "amd.com/gpu": 1,
          },
        },
      },
    ],
    [
      "Deployment: clean up policy",
      "no revision is kept to go back to",
      deployment,
      { "workload.spec.revisionHistoryLimit": 0 },
    ],
    [
      "Disruptions",
      "a budget that lets no pod go",
      deployment,
      { "budget.spec.maxUnavailable": 0 },
      { names: ["budget"] },
    ],
    [
      "Disruptions",
      "a budget of 100 % available",
      statefulSet,
      {
        "budget.spec": {
          minAvailable: "100%",
          unhealthyPodEvictionPolicy: "AlwaysAllow",
          selector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
        },
      },
      {
        good: {
          "budget.spec": {
            minAvailable: "50%",
            unhealthyPodEvictionPolicy: "AlwaysAllow",
            selector: { matchLabels: { "app.kubernetes.io/name": "shop" } },
          },
        },
        names: ["budget"],
      },
    ],
    ["Horizontal Pod Autoscaling", "a minimum above the maximum", hpa, { "hpa.spec.minReplicas": 12 }],
    ["Horizontal Pod Autoscaling", "no room to scale", hpa, { "hpa.spec.minReplicas": 10 }],
  ]),
  ...from("kube-score", [
    ["deployment-replicas", "one replica", deployment, { "workload.spec.replicas": 1 }],
    ["deployment-replicas", "no number of replicas", deployment, { "workload.spec.replicas": undefined }],
    ["deployment-replicas", "one replica of Argo's Rollout", rollout, { "workload.spec.replicas": 1 }],
    ["statefulset-replicas", "one replica of a set with state", statefulSet, { "workload.spec.replicas": 1 }],
    ["deployment-has-poddisruptionbudget", "no disruption budget", deployment, { budget: undefined }],
    [
      "statefulset-has-poddisruptionbudget",
      "a disruption budget of other pods",
      statefulSet,
      { "budget.spec.selector.matchLabels": { app: "other" } },
    ],
    [
      "deployment-has-host-podantiaffinity",
      "nothing spreads the replicas",
      deployment,
      { "pod.affinity": undefined, "pod.topologySpreadConstraints": undefined },
      { good: { "pod.affinity": undefined } },
    ],
    [
      "statefulset-has-host-podantiaffinity",
      "nothing spreads the replicas of a set",
      statefulSet,
      { "pod.affinity": undefined, "pod.topologySpreadConstraints": [] },
      { good: { "pod.affinity": undefined } },
    ],
    [
      "horizontalpodautoscaler-replicas",
      "an autoscaler down to one",
      hpa,
      { "hpa.spec.minReplicas": 1 },
      scaled,
    ],
    [
      "horizontalpodautoscaler-has-target",
      "an autoscaler of nothing",
      hpa,
      { "hpa.spec.scaleTargetRef.name": "gone" },
    ],
    [
      "deployment-targeted-by-hpa-does-not-have-replicas-configured",
      "replicas beside an autoscaler",
      hpa,
      { "workload.spec.replicas": 3 },
    ],
  ]),
  ...from("kube-linter", [
    [
      "no-rolling-update-strategy",
      "every replica is ended before a new one starts",
      deployment,
      { "workload.spec.strategy": { type: "Recreate" } },
      {
        good: {
          "workload.spec.strategy": {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
          },
        },
      },
    ],
    [
      "hpa-minimum-three-replicas",
      "an autoscaler without a minimum",
      hpa,
      { "hpa.spec.minReplicas": undefined },
      scaled,
    ],
    [
      "dangling-service",
      "a service that selects no pod",
      deployment,
      { "service.spec.selector": { app: "gone" } },
    ],
  ]),
];
