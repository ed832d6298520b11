import type * as pulumi from "@pulumi/pulumi";
import { PART_OF } from "./labels";
import { restrictedPod } from "./pod-security";

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
  readonly serviceAccountName: pulumi.Input<string>;
  /** Namespaces whose monitors are followed. */
  readonly namespaces: readonly pulumi.Input<string>[];
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
    replicas: 1,
    retention: settings.retention,
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
    securityContext: restrictedPod(PROMETHEUS_UID),
    ...reloader(settings.configReloaderImage),
  };
}

/** The operator has no field for the reloader's image; entries of the same name are merged into its own containers. */
function reloader(image: string | undefined) {
  if (image === undefined) return {};
  return {
    containers: [{ name: "config-reloader", image }],
    initContainers: [{ name: "init-config-reloader", image }],
  };
}

/** What target discovery reads, in one namespace. */
export const DISCOVERY_RULES = [
  { apiGroups: [""], resources: ["services", "endpoints", "pods"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["get", "list", "watch"] },
];

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
