import type { GpuExporter } from "./gpu-exporter";
import type { Peer } from "../internal/network-policy";
import type { AlertingSettings, MonitoringStorage } from "./alertmanager-settings";
import type { AlertSettings } from "./alerts/alert-settings";
import type { MonitoringAccess } from "./monitoring-access-settings";
import type { RemoteWrite } from "./monitoring-remote-write";

/** A Prometheus that is there already, run by the Prometheus operator, as by kube-prometheus-stack. */
export interface ExistingPrometheus {
  /** Its namespace, in which monitors of the gateway and dashboards are put as well. */
  readonly namespace: string;
  /**
   * Labels of its pods, which the services let in.
   * @default { "app.kubernetes.io/name": "prometheus" }
   */
  readonly podLabels?: Readonly<Record<string, string>>;
  /**
   * Its Service; the operator makes the default one.
   * @default "prometheus-operated"
   */
  readonly service?: string;
  /**
   * Port of the Service.
   * @default 9090
   */
  readonly port?: number;
}

/** Settings of Monitoring that have a default. */
export interface MonitoringSettings {
  /**
   * Proxies of gateways to watch: `[gateway.proxies]`.
   * @default []
   */
  readonly proxies?: readonly Peer[];
  /**
   * NVIDIA's DCGM exporters to watch: `[gpuSupport.exporter]`. An existing Prometheus follows the GPU operator's own monitor.
   * @default []
   */
  readonly gpuExporters?: readonly GpuExporter[];
  /**
   * Prometheus' image, with a digest.
   * @default the operator's own
   */
  readonly image?: string;
  /**
   * The version that `image` has, as in "2.42.0": the operator chooses flags by it.
   * @default the operator's own
   */
  readonly version?: string;
  /**
   * Image of the configuration reloader, with a digest.
   * @default the operator's own
   */
  readonly configReloaderImage?: string;
  /**
   * How long samples are kept.
   * @default "7d"
   */
  readonly retention?: string;
  /**
   * Bytes of samples that are kept at most, as in "40GiB"; the oldest go first.
   * @default four fifths of `storage.size`; without storage there is no limit
   */
  readonly retentionSize?: string;
  /**
   * A volume for the samples of each pod. Whether it is encrypted is its StorageClass' matter; the claims stay when Prometheus goes.
   * @default none: a new pod begins without samples
   */
  readonly storage?: MonitoringStorage;
  /**
   * Pods, 1 to 9; each scrapes everything, on nodes of their own as far as possible.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * Labels of everything that leaves this Prometheus, samples and alerts, as in `{ cluster: "eu-1" }`.
   * @default {}
   */
  readonly externalLabels?: Readonly<Record<string, string>>;
  /**
   * Receivers that get all samples as well.
   * @default []
   */
  readonly remoteWrite?: readonly RemoteWrite[];
  /**
   * Further labels of monitors and rules, so that an operator's other Prometheus finds them, as in `{ release: "kube-prometheus-stack" }`.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * A Prometheus that is there already: none is made, nor an Alertmanager; monitors, rules and dashboards are, for it to find.
   * @default none
   */
  readonly existing?: ExistingPrometheus;
  /**
   * Alertmanager: who is told of alerts. Without receivers it shows and silences them, and tells nobody; `false` for none.
   * @default {}
   */
  readonly alerting?: AlertingSettings | false;
  /**
   * The way through the gateway to Prometheus, Alertmanager and Grafana, for people who sign in.
   * @default none: they are reached inside the cluster only
   */
  readonly access?: MonitoringAccess;
  /**
   * Time between two scrapes of a target.
   * @default "15s"
   */
  readonly scrapeInterval?: string;
  /**
   * CPU reserved.
   * @default "50m"
   */
  readonly cpuRequest?: string;
  /**
   * Memory reserved.
   * @default "256Mi"
   */
  readonly memoryRequest?: string;
  /**
   * Memory at most.
   * @default "1Gi"
   */
  readonly memoryLimit?: string;
  /**
   * Port on every node (30000 to 32767) under which Prometheus answers `readerCidrs`.
   * @default none: Prometheus is reached inside the cluster only
   */
  readonly nodePort?: number;
  /**
   * IPv4 ranges outside the cluster that may query Prometheus.
   * @default []
   */
  readonly readerCidrs?: readonly string[];
  /**
   * Pods that may query Prometheus, such as KEDA's and Flagger's: `platform.prometheusReaders`.
   * @default []
   */
  readonly readers?: readonly Peer[];
  /**
   * Whether Grafana's dashboards of fleet, model and rollout are put beside Prometheus, as ConfigMaps that the sidecar of Grafana's
   * chart takes: label `grafana_dashboard`.
   * @default true
   */
  readonly dashboards?: boolean;
  /**
   * When alerts fire, as far as no service's objectives say it; `false` for none of the platform's: services keep their own.
   * @default {}
   */
  readonly alerts?: AlertSettings | false;
}

/** Defaults; a test ties each to its `@default` above. */
export const MONITORING_DEFAULTS = {
  retention: "7d",
  scrapeInterval: "15s",
  cpuRequest: "50m",
  memoryRequest: "256Mi",
  memoryLimit: "1Gi",
  readerCidrs: [] as readonly string[],
  readers: [] as readonly Peer[],
  replicas: 1,
  externalLabels: {} as Readonly<Record<string, string>>,
  remoteWrite: [] as readonly RemoteWrite[],
  labels: {} as Readonly<Record<string, string>>,
  alerting: {} as AlertingSettings,
  proxies: [] as readonly Peer[],
  gpuExporters: [] as readonly GpuExporter[],
  dashboards: true,
  alerts: {} as AlertSettings,
} as const;

/** What of an existing Prometheus has a default; a test ties each to its `@default` above. */
export const EXISTING_DEFAULTS = {
  podLabels: { "app.kubernetes.io/name": "prometheus" },
  service: "prometheus-operated",
  port: 9090,
} as const;
