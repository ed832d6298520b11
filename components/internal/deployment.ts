import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import {
  CONTAINER_UID,
  GRPC_PORT,
  HTTP_PORT,
  LIVE_PATH,
  METRICS_PORT,
  MODEL_REPOSITORY_PATH,
  READY_PATH,
  TLS_PATH,
} from "../../runtime/contract";
import type { ModelReference } from "../model/model-repository";
import { selectorLabels, serviceLabels } from "./labels";
import type { ModelAccess } from "./model-access";
import { pullContainer } from "./model-pull";
import { RESTRICTED_CONTAINER, restrictedPod } from "./pod-security";

/** Everything a Deployment of the server needs, resolved. Times in seconds. */
export interface ServerDeployment {
  readonly service: string;
  readonly image: pulumi.Input<string>;
  readonly models: readonly ModelReference[];
  readonly access: ModelAccess;
  /** Undefined where an autoscaler owns the number. */
  readonly replicas: number | undefined;
  readonly cpuRequest: string;
  readonly cpuLimit: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
  readonly gpus: number;
  readonly gpuResource: string;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly { key: string; operator?: string; value?: string; effect?: string }[];
  readonly startupTimeout: number;
  readonly drainTimeout: number;
  readonly serviceAccountName: pulumi.Input<string>;
  readonly configMapName: pulumi.Input<string>;
  readonly tlsSecretName: pulumi.Input<string>;
}

const PROBE_PERIOD = 2;
/** Time for pulling the image and fetching the models, before the server's own start. */
const FETCH_MARGIN = 180;
/** The server ends by itself after the drain timeout; the kubelet waits a little longer before it kills. */
const KILL_MARGIN = 5;

export function deploymentSpec(server: ServerDeployment): k8s.apps.v1.DeploymentSpec {
  return {
    ...(server.replicas === undefined ? {} : { replicas: server.replicas }),
    selector: { matchLabels: selectorLabels(server.service) },
    revisionHistoryLimit: 3,
    // A pod that cannot start is reported soon after it should have started, not after Kubernetes' ten minutes.
    progressDeadlineSeconds: server.startupTimeout + FETCH_MARGIN,
    // A new pod must be ready before an old one goes.
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      metadata: {
        labels: serviceLabels(server.service),
        annotations: { "kubectl.kubernetes.io/default-container": "server" },
      },
      spec: podSpec(server),
    },
  };
}

function podSpec(server: ServerDeployment): k8s.core.v1.PodSpec {
  return {
    serviceAccountName: server.serviceAccountName,
    automountServiceAccountToken: false,
    // Variables of every other Service would only reveal what else runs here.
    enableServiceLinks: false,
    securityContext: restrictedPod(CONTAINER_UID),
    terminationGracePeriodSeconds: server.drainTimeout + KILL_MARGIN,
    ...placement(server),
    topologySpreadConstraints: ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selectorLabels(server.service) },
      }),
    ),
    initContainers: server.models.map((model) => pullContainer(model, server.image, server.access)),
    containers: [serverContainer(server)],
    volumes: [
      { name: "models", emptyDir: {} },
      { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
      // 0440: the server's group may read the key, nobody else.
      { name: "tls", secret: { secretName: server.tlsSecretName, defaultMode: 0o440 } },
      ...(server.access.claim
        ? [
            {
              name: "repository",
              persistentVolumeClaim: { claimName: server.access.claim.claimName, readOnly: true },
            },
          ]
        : []),
    ],
  };
}

/** Empty settings are left out: the API server does not store them, so they would look like a difference. */
function placement(server: ServerDeployment): Pick<k8s.core.v1.PodSpec, "nodeSelector" | "tolerations"> {
  const { nodeSelector, tolerations } = server;
  return {
    ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(tolerations.length === 0
      ? {}
      : { tolerations: tolerations.map((toleration) => ({ ...toleration })) }),
  };
}

function serverContainer(server: ServerDeployment): k8s.core.v1.Container {
  const gpus: Record<string, string> = server.gpus > 0 ? { [server.gpuResource]: String(server.gpus) } : {};
  return {
    name: "server",
    image: server.image,
    args: ["serve"],
    ports: [
      { name: "http", containerPort: HTTP_PORT, protocol: "TCP" },
      { name: "grpc", containerPort: GRPC_PORT, protocol: "TCP" },
      { name: "metrics", containerPort: METRICS_PORT, protocol: "TCP" },
    ],
    envFrom: [{ configMapRef: { name: server.configMapName } }],
    resources: {
      requests: { cpu: server.cpuRequest, memory: server.memoryRequest, ...gpus },
      limits: { cpu: server.cpuLimit, memory: server.memoryLimit, ...gpus },
    },
    startupProbe: {
      ...httpsProbe(READY_PATH),
      periodSeconds: PROBE_PERIOD,
      failureThreshold: Math.ceil(server.startupTimeout / PROBE_PERIOD),
    },
    readinessProbe: { ...httpsProbe(READY_PATH), periodSeconds: PROBE_PERIOD, failureThreshold: 2 },
    // Slower than readiness: a busy server must lose traffic long before it is restarted.
    livenessProbe: { ...httpsProbe(LIVE_PATH), periodSeconds: 10, failureThreshold: 6 },
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [
      { name: "models", mountPath: MODEL_REPOSITORY_PATH, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
      { name: "tls", mountPath: TLS_PATH, readOnly: true },
    ],
  };
}

function httpsProbe(path: string): k8s.core.v1.Probe {
  return { httpGet: { path, port: "http", scheme: "HTTPS" }, timeoutSeconds: 5 };
}
