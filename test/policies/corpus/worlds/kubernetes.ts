import type { Declared, World } from "../model";

export const DIGEST = `sha256:${"3c".repeat(32)}`;
const LABELS = { "app.kubernetes.io/name": "shop" };
export const inTeam = (name: string) => ({ name, namespace: "team" });

export function k8s(type: string, props: Record<string, unknown>): Declared {
  return { type: `kubernetes:${type}`, props };
}

function container(name: string, more: Record<string, unknown>): Record<string, unknown> {
  return {
    name,
    image: `registry.example/${name}@${DIGEST}`,
    imagePullPolicy: "Always",
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      privileged: false,
      runAsNonRoot: true,
      runAsUser: 10001,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
    },
    resources: {
      requests: { cpu: "250m", memory: "256Mi", "ephemeral-storage": "100Mi" },
      limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "100Mi" },
    },
    ...more,
  };
}

function podSpec(longRunning: boolean): Record<string, unknown> {
  const probes = {
    ports: [{ name: "http", containerPort: 8080 }],
    readinessProbe: { httpGet: { path: "/ready", port: "http" } },
    livenessProbe: { httpGet: { path: "/live", port: "http" } },
  };
  return {
    serviceAccountName: "shop",
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10001,
      runAsGroup: 10001,
      fsGroup: 10001,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      container("shop", { ...(longRunning && probes), volumeMounts: [{ name: "tmp", mountPath: "/tmp" }] }),
      container("sidecar", longRunning ? { ...probes, ports: [{ name: "http", containerPort: 8081 }] } : {}),
    ],
    initContainers: [container("prepare", {})],
    volumes: [{ name: "tmp", emptyDir: {} }],
    ...(longRunning && {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "kubernetes.io/hostname",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: LABELS },
        },
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: LABELS },
        },
      ],
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 100,
              podAffinityTerm: {
                topologyKey: "kubernetes.io/hostname",
                labelSelector: { matchLabels: LABELS },
              },
            },
          ],
        },
      },
    }),
  };
}

/** A namespace as it should be, with the account and the policies for what runs in it. */
export function surroundings(): Record<string, Declared> {
  return {
    namespace: k8s("core/v1:Namespace", {
      metadata: {
        name: "team",
        labels: {
          "pod-security.kubernetes.io/enforce": "restricted",
          "pod-security.kubernetes.io/audit": "restricted",
          "pod-security.kubernetes.io/warn": "restricted",
        },
      },
    }),
    account: k8s("core/v1:ServiceAccount", {
      metadata: inTeam("shop"),
      automountServiceAccountToken: false,
    }),
    deny: k8s("networking.k8s.io/v1:NetworkPolicy", {
      metadata: inTeam("default-deny"),
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    }),
    allow: k8s("networking.k8s.io/v1:NetworkPolicy", {
      metadata: inTeam("shop"),
      spec: {
        podSelector: { matchLabels: LABELS },
        policyTypes: ["Ingress", "Egress"],
        ingress: [
          {
            from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "edge" } } }],
            ports: [{ port: 8080, protocol: "TCP" }],
          },
        ],
        egress: [
          {
            to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
            ports: [{ port: 53, protocol: "UDP" }],
          },
        ],
      },
    }),
  };
}

const budget = (): Declared =>
  k8s("policy/v1:PodDisruptionBudget", {
    metadata: inTeam("shop"),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: LABELS },
    },
  });

const service = (): Declared =>
  k8s("core/v1:Service", {
    metadata: inTeam("shop"),
    spec: { type: "ClusterIP", selector: LABELS, ports: [{ name: "http", port: 8080, targetPort: "http" }] },
  });

const template = (longRunning: boolean) => ({ metadata: { labels: LABELS }, spec: podSpec(longRunning) });
const selector = { matchLabels: LABELS };

/** Each kind that carries pods: its type, its properties, and where the pod's spec lies in them. */
const KINDS = {
  Deployment: [
    "apps/v1",
    { replicas: 3, selector, revisionHistoryLimit: 5, template: template(true) },
    "spec.template.spec",
  ],
  StatefulSet: [
    "apps/v1",
    { replicas: 3, selector, serviceName: "shop", template: template(true) },
    "spec.template.spec",
  ],
  DaemonSet: ["apps/v1", { selector, template: template(true) }, "spec.template.spec"],
  ReplicaSet: ["apps/v1", { replicas: 3, selector, template: template(true) }, "spec.template.spec"],
  Job: [
    "batch/v1",
    { backoffLimit: 2, ttlSecondsAfterFinished: 3600, template: jobTemplate() },
    "spec.template.spec",
  ],
  CronJob: [
    "batch/v1",
    {
      schedule: "0 3 * * *",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 60,
      jobTemplate: { spec: { backoffLimit: 2, template: jobTemplate() } },
    },
    "spec.jobTemplate.spec.template.spec",
  ],
  Rollout: [
    "argoproj.io/v1alpha1",
    {
      replicas: 3,
      selector,
      progressDeadlineAbort: true,
      template: template(true),
      strategy: {
        canary: {
          steps: [
            { setWeight: 10 },
            { pause: { duration: "5m" } },
            { analysis: { templates: [{ templateName: "success-rate" }] } },
            { setWeight: 50 },
            { pause: { duration: "5m" } },
          ],
        },
      },
    },
    "spec.template.spec",
  ],
  ScaledJob: [
    "keda.sh/v1alpha1",
    {
      maxReplicaCount: 10,
      jobTargetRef: { template: jobTemplate() },
      triggers: [{ type: "cron", metadata: {} }],
    },
    "spec.jobTargetRef.template.spec",
  ],
} as const;

function jobTemplate() {
  return { metadata: { labels: LABELS }, spec: { ...podSpec(false), restartPolicy: "Never" } };
}

const WITH_BUDGET = new Set(["Deployment", "StatefulSet", "ReplicaSet", "Rollout"]);

/**
 * A workload and all that it needs around it. Aliases: `pod` is the pod's spec, `c` its first container,
 * `second` its second, `init` its init container.
 */
export function workload(kind: keyof typeof KINDS): () => World {
  const [group, spec, path] = KINDS[kind];
  const resource = k8s(`${group}:${kind}`, { metadata: { ...inTeam("shop"), labels: LABELS }, spec });
  return () => ({
    resources: {
      workload: structuredClone(resource),
      ...surroundings(),
      ...(WITH_BUDGET.has(kind) && { budget: budget(), service: service() }),
    },
    aliases: aliases(`workload.${path}`),
  });
}

/** A bare pod. */
export const pod = (): World => ({
  resources: {
    workload: k8s("core/v1:Pod", { metadata: { ...inTeam("shop"), labels: LABELS }, spec: podSpec(true) }),
    ...surroundings(),
  },
  aliases: aliases("workload.spec"),
});

/** Knative's service. */
export const knative = (): World => ({
  resources: {
    workload: k8s("serving.knative.dev/v1:Service", {
      metadata: inTeam("shop"),
      spec: { template: { metadata: { labels: LABELS }, spec: podSpec(true) } },
    }),
    ...surroundings(),
  },
  aliases: aliases("workload.spec.template.spec"),
});

function aliases(spec: string): Record<string, string> {
  return {
    pod: spec,
    c: `${spec}.containers.0`,
    second: `${spec}.containers.1`,
    init: `${spec}.initContainers.0`,
  };
}

export const deployment = workload("Deployment");
export const statefulSet = workload("StatefulSet");
export const daemonSet = workload("DaemonSet");
export const job = workload("Job");
export const cronJob = workload("CronJob");
export const rollout = workload("Rollout");
export const scaledJob = workload("ScaledJob");
export const replicaSet = workload("ReplicaSet");
