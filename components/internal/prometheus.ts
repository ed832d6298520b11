import type * as pulumi from "@pulumi/pulumi";
import type { MonitoringStorage } from "../observability/alertmanager-settings";
import type { RemoteWrite } from "../observability/monitoring-remote-write";
import { PART_OF } from "./labels";
import { restrictedPod } from "./pod-security";
import { remoteWriteSpec } from "./prometheus-remote-write";

export const PROMETHEUS_PORT = 9090;
/** Port on which Envoy Gateway's proxies show metrics; in the pod it is named `metrics`. */
export const PROXY_METRICS_PORT = 19001;
const PROMETHEUS_UID = 65534;

/** How Prometheus runs, resolved. */
export interface PrometheusSettings {
  readonly name: string;
  /** Undefined takes the operator's own. */
  readonly image: string | undefined;
  /** The version that `image` has, as in "2.42.0"; the operator's flags follow it. */
  readonly version: string | undefined;
  readonly configReloaderImage: string | undefined;
  readonly retention: string;
  readonly scrapeInterval: string;
  readonly cpuRequest: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
  readonly retentionSize: string | undefined;
  readonly replicas: number;
  readonly storage: MonitoringStorage | undefined;
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly remoteWrite: readonly RemoteWrite[];
  /** Secret with what `remoteWrite` keeps secret. */
  readonly remoteWriteSecret: pulumi.Input<string> | undefined;
  /** Alertmanager's Service, in the namespace of Prometheus; undefined for none. */
  readonly alertmanager:
    { readonly service: pulumi.Input<string>; readonly namespace: pulumi.Input<string> } | undefined;
  /** Where people reach it, for the links in alerts. */
  readonly externalUrl: pulumi.Input<string> | undefined;
  /** What answers the gateway. */
  readonly sidecar: Sidecar | undefined;
  readonly serviceAccountName: pulumi.Input<string>;
  /** Namespaces whose monitors are followed. */
  readonly namespaces: readonly pulumi.Input<string>[];
}

/** A container beside the operator's own, and the volumes that it mounts. */
export interface Sidecar {
  readonly container: object;
  readonly volumes: readonly object[];
}

/** Labels that the operator gives the pods of a Prometheus. */
export function prometheusPodLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": "prometheus", "operator.prometheus.io/name": name };
}

/** Prometheus custom resource. */
export function prometheusSpec(settings: PrometheusSettings) {
  const ours = { matchLabels: { ...PART_OF } };
  const from = {
    matchExpressions: [
      { key: "kubernetes.io/metadata.name", operator: "In", values: [...settings.namespaces] },
    ],
  };
  return {
    ...(settings.image === undefined ? {} : { image: settings.image }),
    ...(settings.version === undefined ? {} : { version: settings.version }),
    replicas: settings.replicas,
    retention: settings.retention,
    ...(settings.retentionSize === undefined ? {} : { retentionSize: settings.retentionSize }),
    scrapeInterval: settings.scrapeInterval,
    serviceAccountName: settings.serviceAccountName,
    serviceMonitorSelector: ours,
    serviceMonitorNamespaceSelector: from,
    podMonitorSelector: ours,
    podMonitorNamespaceSelector: from,
    ruleSelector: ours,
    ruleNamespaceSelector: from,
    // A monitor may not read files of the Prometheus container, its token above all.
    arbitraryFSAccessThroughSMs: { deny: true },
    enableAdminAPI: false,
    podMetadata: { labels: { ...PART_OF } },
    resources: {
      requests: { cpu: settings.cpuRequest, memory: settings.memoryRequest },
      limits: { memory: settings.memoryLimit },
    },
    ...(settings.storage === undefined ? {} : { storage: claimTemplate(settings.storage) }),
    ...(Object.keys(settings.externalLabels).length === 0
      ? {}
      : { externalLabels: { ...settings.externalLabels } }),
    ...(settings.remoteWrite.length === 0
      ? {}
      : { remoteWrite: remoteWriteSpec(settings.remoteWrite, settings.remoteWriteSecret) }),
    ...(settings.externalUrl === undefined ? {} : { externalUrl: settings.externalUrl }),
    ...(settings.alertmanager === undefined ? {} : { alerting: alertingSpec(settings.alertmanager) }),
    securityContext: restrictedPod(PROMETHEUS_UID),
    ...operatedPods(prometheusPodLabels(settings.name), settings.replicas),
    ...containersOf(settings.configReloaderImage, settings.sidecar),
  };
}

function alertingSpec({
  service,
  namespace,
}: {
  service: pulumi.Input<string>;
  namespace: pulumi.Input<string>;
}) {
  return { alertmanagers: [{ namespace, name: service, port: "web", apiVersion: "V2" }] };
}

/** A volume for each pod. Its claim stays when the pods go, so that no mistake of a moment takes the samples of weeks along. */
export function claimTemplate({ size, storageClass }: MonitoringStorage) {
  return {
    volumeClaimTemplate: {
      spec: {
        accessModes: ["ReadWriteOnce"],
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        resources: { requests: { storage: size } },
      },
    },
  };
}

/** Pods of one kind keep off each other's nodes as far as possible. */
export function operatedPods(podLabels: Readonly<Record<string, string>>, replicas: number) {
  if (replicas === 1) return {};
  return {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { ...podLabels } },
      },
    ],
  };
}

/** The operator has no field for the reloader's image; entries of the same name are merged into its own containers. */
export function containersOf(reloaderImage: string | undefined, sidecar: Sidecar | undefined) {
  const containers = [
    ...(reloaderImage === undefined ? [] : [{ name: "config-reloader", image: reloaderImage }]),
    ...(sidecar === undefined ? [] : [sidecar.container]),
  ];
  return {
    ...(containers.length === 0 ? {} : { containers }),
    ...(reloaderImage === undefined
      ? {}
      : { initContainers: [{ name: "init-config-reloader", image: reloaderImage }] }),
    ...(sidecar === undefined ? {} : { volumes: [...sidecar.volumes] }),
  };
}

/** What target discovery reads, in one namespace. */
export const DISCOVERY_RULES = [
  { apiGroups: [""], resources: ["services", "endpoints", "pods"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
];

/** Port on which NVIDIA's DCGM exporter shows metrics; in the pod it is named `metrics`. */
export const GPU_METRICS_PORT = 9400;

/** PodMonitor of NVIDIA's DCGM exporter, whose labels `namespace`, `pod` and `container` are those of whoever uses the GPU. */
export function gpuMonitorSpec(
  namespace: pulumi.Input<string>,
  podLabels: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>,
) {
  return {
    namespaceSelector: { matchNames: [namespace] },
    selector: { matchLabels: podLabels },
    podMetricsEndpoints: [{ port: "metrics", path: "/metrics", interval: "15s", honorLabels: true }],
  };
}

/** PodMonitor of a gateway's proxies. */
export function proxyMonitorSpec(
  namespace: pulumi.Input<string>,
  podLabels: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>,
) {
  return {
    namespaceSelector: { matchNames: [namespace] },
    selector: { matchLabels: podLabels },
    podMetricsEndpoints: [{ port: "metrics", path: "/stats/prometheus", interval: "15s" }],
  };
}
