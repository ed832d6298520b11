import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { METRICS_PORT } from "../../runtime/contract";
import type { ResolvedCollector } from "../observability/telemetry-settings";
import { PART_OF } from "./labels";
import { DNS_EGRESS, peer, type Peer } from "./network-policy";
import {
  COLLECTOR_CA_PATH,
  COLLECTOR_HEALTH_PORT,
  COLLECTOR_SECRETS_PATH,
  COLLECTOR_TLS_PATH,
  OTLP_GRPC_PORT,
  OTLP_HTTP_PORT,
} from "./otel-config";
import { RESTRICTED_CONTAINER, restrictedPod } from "./pod-security";
import { byteCount } from "./quantity";
import { telemetryEgress } from "./telemetry-endpoint";

/** The user of OpenTelemetry's images. */
const COLLECTOR_UID = 10001;
const CONFIG_PATH = "/etc/otelcol/config";
export const CONFIG_FILE = "collector.yaml";

/** Seconds until a collector that does not start is reported. */
const START_TIMEOUT = 180;

/** What the collector's pods are selected by. */
export function collectorSelector(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": "slipway-telemetry", "app.kubernetes.io/instance": name };
}

export function collectorLabels(name: string): Record<string, string> {
  return { ...collectorSelector(name), ...PART_OF };
}

/** What a collector's pods are made of, besides its settings. */
export interface CollectorParts {
  readonly name: string;
  readonly serviceAccountName: pulumi.Input<string>;
  readonly configMapName: pulumi.Input<string>;
  readonly tlsSecretName: pulumi.Input<string>;
  /** Undefined where no exporter has a secret, or an authority. */
  readonly secretName: pulumi.Input<string> | undefined;
  readonly authoritiesName: pulumi.Input<string> | undefined;
}

export function collectorDeployment(
  settings: ResolvedCollector,
  parts: CollectorParts,
): k8s.apps.v1.DeploymentSpec {
  const { imagePullSecrets } = settings;
  return {
    replicas: settings.replicas,
    selector: { matchLabels: collectorSelector(parts.name) },
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: START_TIMEOUT,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      metadata: { labels: collectorLabels(parts.name) },
      spec: {
        serviceAccountName: parts.serviceAccountName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: restrictedPod(COLLECTOR_UID),
        ...(imagePullSecrets.length === 0
          ? {}
          : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
        topologySpreadConstraints: ["kubernetes.io/hostname", "topology.kubernetes.io/zone"].map(
          (topologyKey) => ({
            topologyKey,
            maxSkew: 1,
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: collectorSelector(parts.name) },
          }),
        ),
        containers: [container(settings, parts)],
        volumes: [
          { name: "config", configMap: { name: parts.configMapName } },
          { name: "tls", secret: { secretName: parts.tlsSecretName, defaultMode: 0o440 } },
          ...(parts.secretName === undefined
            ? []
            : [{ name: "secrets", secret: { secretName: parts.secretName, defaultMode: 0o440 } }]),
          ...(parts.authoritiesName === undefined
            ? []
            : [{ name: "authorities", configMap: { name: parts.authoritiesName } }]),
        ],
      },
    },
  };
}

function container(settings: ResolvedCollector, parts: CollectorParts): k8s.core.v1.Container {
  const { image, cpuRequest, cpuLimit, memoryRequest, memoryLimit } = settings;
  // Go collects before the limit of the pod is reached, at which it would be killed.
  const softLimit = Math.floor((byteCount(memoryLimit) ?? 0) * 0.8);
  return {
    name: "collector",
    image,
    args: [`--config=file:${CONFIG_PATH}/${CONFIG_FILE}`],
    env: [{ name: "GOMEMLIMIT", value: String(softLimit) }],
    ports: [
      { name: "otlp-grpc", containerPort: OTLP_GRPC_PORT, protocol: "TCP" },
      { name: "otlp-http", containerPort: OTLP_HTTP_PORT, protocol: "TCP" },
      { name: "metrics", containerPort: METRICS_PORT, protocol: "TCP" },
      { name: "health", containerPort: COLLECTOR_HEALTH_PORT, protocol: "TCP" },
    ],
    resources: {
      requests: { cpu: cpuRequest, memory: memoryRequest },
      limits: { cpu: cpuLimit, memory: memoryLimit },
    },
    startupProbe: { ...PROBE, periodSeconds: 2, failureThreshold: START_TIMEOUT / 2 },
    readinessProbe: { ...PROBE, periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...PROBE, periodSeconds: 10, failureThreshold: 6 },
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [
      { name: "config", mountPath: CONFIG_PATH, readOnly: true },
      { name: "tls", mountPath: COLLECTOR_TLS_PATH, readOnly: true },
      ...(parts.secretName === undefined
        ? []
        : [{ name: "secrets", mountPath: COLLECTOR_SECRETS_PATH, readOnly: true }]),
      ...(parts.authoritiesName === undefined
        ? []
        : [{ name: "authorities", mountPath: COLLECTOR_CA_PATH, readOnly: true }]),
    ],
  };
}

const PROBE = { httpGet: { path: "/", port: "health", scheme: "HTTP" }, timeoutSeconds: 5 };

/** Exactly the flows of a collector: spans from `senders`, scrapes, names, and what it sends on. */
export function collectorPolicy(
  name: string,
  senders: readonly Peer[],
  scrapers: readonly Peer[],
  { exporters }: ResolvedCollector,
): k8s.networking.v1.NetworkPolicySpec {
  const from = (peers: readonly Peer[], ...ports: number[]): k8s.networking.v1.NetworkPolicyIngressRule[] =>
    // A rule with an empty `from` would allow everyone: no peer, no rule.
    peers.length === 0
      ? []
      : [
          {
            from: peers.map(peer),
            ports: ports.map((port) => ({ protocol: "TCP", port })),
          },
        ];
  return {
    podSelector: { matchLabels: collectorSelector(name) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [...from(senders, OTLP_GRPC_PORT, OTLP_HTTP_PORT), ...from(scrapers, METRICS_PORT)],
    egress: [
      DNS_EGRESS,
      ...exporters.flatMap((exporter) =>
        exporter.kind === "debug" ? [] : [telemetryEgress(exporter.endpoint, exporter.cidrs)],
      ),
    ],
  };
}
