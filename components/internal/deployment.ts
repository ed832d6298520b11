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
import { keyMounts, keyVolumes, type ModelKeys } from "./model-keys";
import { byteQuantity, fetchTime, mostStorageBytes, storageBytes } from "./model-footprint";
import { pullContainer, pullVolumes } from "./model-pull";
import { podPlacement, type PodPlacement } from "./pod-placement";
import { RESTRICTED_CONTAINER, restrictedPod } from "./pod-security";

/** Everything a Deployment of the server needs, resolved. Times in seconds. */
export interface ServerDeployment extends PodPlacement {
  readonly image: pulumi.Input<string>;
  readonly models: readonly ModelReference[];
  readonly access: ModelAccess;
  /** What the models must be signed by. @default nothing */
  readonly keys?: ModelKeys | undefined;
  /** Undefined where an autoscaler owns the number. */
  readonly replicas: number | undefined;
  readonly cpuRequest: string;
  readonly cpuLimit: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
  readonly gpus: number;
  readonly gpuResource: string;
  /** 0 where nobody said. */
  readonly modelBytes: number;
  /** Whether an update ends a pod before it starts the next, because both at once may find no room. @default false */
  readonly endsPodsFirst?: boolean;
  readonly podLabels: Readonly<Record<string, string>>;
  /** What its pods are selected by, besides the labels of the service. @default none */
  readonly selector?: Readonly<Record<string, string>>;
  readonly podAnnotations: Readonly<Record<string, string>>;
  readonly imagePullSecrets: readonly string[];
  readonly startupTimeout: number;
  /** Whether a node may have to be started for a pod first. @default false */
  readonly mayAwaitNode?: boolean;
  readonly drainTimeout: number;
  readonly serviceAccountName: pulumi.Input<string>;
  readonly configMapName: pulumi.Input<string>;
  readonly tlsSecretName: pulumi.Input<string>;
  /** What the server does. @default "serve" */
  readonly command?: "serve" | "consume";
  /** Further volumes of the pod, mounted read-only where it is said. @default none */
  readonly volumes?: readonly (k8s.core.v1.Volume & { readonly name: string; readonly mountPath: string })[];
}

const PROBE_PERIOD = 2;
/** Time for pulling the image and fetching small models, before the server's own start. */
const FETCH_MARGIN = 180;
/**
 * Time for a node with GPUs that is not there yet: an instance to start and join, its image of CUDA libraries to be pulled, and the GPU
 * operator's pods to tell the scheduler of its GPUs.
 */
const NODE_MARGIN = 900;
/** How much longer the engine waits than Kubernetes does, whose own word on what is wrong comes first. */
const AWAIT_MARGIN = 60;
/** The server ends by itself after the drain timeout; the kubelet waits a little longer before it kills. */
const KILL_MARGIN = 5;
/** Bytes that a pod may write beside its models. */
const TMP_BYTES = 256 * 2 ** 20;

/** A new pod must be ready before an old one goes. */
const ONE_MORE = { maxUnavailable: 0, maxSurge: 1 };
const ONE_LESS = { maxUnavailable: 1, maxSurge: 0 };

/** Seconds without progress after which a rollout counts as failed. */
function progressDeadline(
  server: Pick<ServerDeployment, "startupTimeout" | "modelBytes" | "mayAwaitNode">,
): number {
  const fetching = FETCH_MARGIN + fetchTime(server.modelBytes);
  return server.startupTimeout + fetching + (server.mayAwaitNode ? NODE_MARGIN : 0);
}

/**
 * How long an update waits for a rollout, and for the endpoints that it gives a Service: the provider's own ten minutes may be over
 * before models are fetched and loaded. The first pods start together; later ones may be replaced one after the other, each within
 * the deadline.
 * @param pods as many as there can be
 */
export function rolloutTimeouts(
  server: Parameters<typeof progressDeadline>[0],
  pods: number,
): { readonly create: string; readonly update: string } {
  const deadline = progressDeadline(server);
  return {
    create: `${deadline + AWAIT_MARGIN}s`,
    update: `${deadline * Math.max(1, pods) + AWAIT_MARGIN}s`,
  };
}

export function deploymentSpec(server: ServerDeployment): k8s.apps.v1.DeploymentSpec {
  return {
    ...(server.replicas === undefined ? {} : { replicas: server.replicas }),
    selector: { matchLabels: { ...server.selector, ...selectorLabels(server.service) } },
    revisionHistoryLimit: 3,
    // A pod that cannot start is reported soon after it should have started, not after Kubernetes' ten minutes.
    progressDeadlineSeconds: progressDeadline(server),
    strategy: { type: "RollingUpdate", rollingUpdate: server.endsPodsFirst ? ONE_LESS : ONE_MORE },
    template: {
      metadata: {
        labels: { ...server.podLabels, ...server.selector, ...serviceLabels(server.service) },
        annotations: {
          ...server.podAnnotations,
          ...server.access.token?.podAnnotations,
          "kubectl.kubernetes.io/default-container": "server",
        },
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
    // No preStop hook: the server itself goes on taking requests for `drainDelay` after SIGTERM, with readiness saying no.
    // A hook that sleeps would do so a second time, out of the same grace period.
    terminationGracePeriodSeconds: server.drainTimeout + KILL_MARGIN,
    ...(server.imagePullSecrets.length === 0
      ? {}
      : { imagePullSecrets: server.imagePullSecrets.map((name) => ({ name })) }),
    ...podPlacement(server),
    initContainers: server.models.map((model) =>
      pullContainer(model, server.image, server.access, server.keys),
    ),
    containers: [serverContainer(server)],
    volumes: [
      { name: "models", emptyDir: modelStorage(server.modelBytes) },
      { name: "tmp", emptyDir: { sizeLimit: byteQuantity(TMP_BYTES) } },
      // 0440: the server's group may read the key, nobody else.
      { name: "tls", secret: { secretName: server.tlsSecretName, defaultMode: 0o440 } },
      ...pullVolumes(server.access),
      ...keyVolumes(server.keys),
      ...(server.volumes ?? []).map(({ mountPath: _, ...volume }) => volume),
    ],
  };
}

/** Without a size there is no limit: a pod that fetches more than it allows is evicted. */
function modelStorage(modelBytes: number): k8s.core.v1.EmptyDirVolumeSource {
  return modelBytes === 0 ? {} : { sizeLimit: byteQuantity(mostStorageBytes(modelBytes)) };
}

function serverContainer(server: ServerDeployment): k8s.core.v1.Container {
  const gpus: Record<string, string> = server.gpus > 0 ? { [server.gpuResource]: String(server.gpus) } : {};
  // What the scheduler has to find on a node's disk: the volumes count as the pod's own.
  const disk: Record<string, string> =
    server.modelBytes > 0
      ? { "ephemeral-storage": byteQuantity(storageBytes(server.modelBytes) + TMP_BYTES) }
      : {};
  return {
    name: "server",
    image: server.image,
    args: [server.command ?? "serve"],
    ports: [
      { name: "http", containerPort: HTTP_PORT, protocol: "TCP" },
      { name: "grpc", containerPort: GRPC_PORT, protocol: "TCP" },
      { name: "metrics", containerPort: METRICS_PORT, protocol: "TCP" },
    ],
    envFrom: [{ configMapRef: { name: server.configMapName } }],
    resources: {
      requests: { cpu: server.cpuRequest, memory: server.memoryRequest, ...disk, ...gpus },
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
      ...keyMounts(server.keys),
      ...(server.volumes ?? []).map(({ name, mountPath }) => ({ name, mountPath, readOnly: true })),
    ],
  };
}

function httpsProbe(path: string): k8s.core.v1.Probe {
  return { httpGet: { path, port: "http", scheme: "HTTPS" }, timeoutSeconds: 5 };
}
