import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import type { Service } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { ALERTMANAGER_PORT, alertmanagerService } from "../internal/alertmanager";
import { PART_OF } from "../internal/labels";
import type { Scraper } from "../internal/monitor-labels";
import {
  PROMETHEUS_PORT,
  gpuMonitorSpec,
  prometheusPodLabels,
  proxyMonitorSpec,
} from "../internal/prometheus";
import { Problems } from "../internal/validation";
import type { CertificateAuthority } from "../traffic/certificate-authority";
import type { GatewayReference } from "../traffic/gateway-reference";
import { createAlertmanager } from "./alertmanager";
import { createPlatformAlerts } from "./alerts";
import { ALERT_DEFAULTS } from "./alerts/alert-settings";
import { createDashboards } from "./dashboards";
import { AccessRoutes } from "./monitoring-access";
import { resolveMonitoring, type ResolvedMonitoring } from "./monitoring-checks";
import type { MonitoringSettings } from "./monitoring-settings";
import { createPrometheus } from "./prometheus";

/** Inputs of Monitoring; the settings of MonitoringSettings have defaults of their own. */
export interface MonitoringArgs extends MonitoringSettings {
  /** Namespace of Prometheus; that of `existing`, where there is one already. */
  readonly namespace: pulumi.Input<string>;
  /** Namespace of the services whose ServiceMonitors are followed. */
  readonly servicesNamespace: pulumi.Input<string>;
  /**
   * The gateway, for `access`.
   * @default none
   */
  readonly gateway?: GatewayReference;
  /**
   * Who signs the servers' certificates, for `access`.
   * @default none
   */
  readonly authority?: CertificateAuthority;
}

/** Where a server of the monitoring is asked inside the cluster. */
export interface MonitoringServer {
  readonly serviceName: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  readonly port: number;
}

/**
 * Prometheus and Alertmanager, run by the Prometheus operator: follows the services' ServiceMonitors and the gateways' proxies, and
 * tells of alerts. Prometheus may look for targets in the namespaces it watches and nowhere else, and only reach those targets.
 *
 * @example
 * const config = new pulumi.Config();
 * const monitoring = new Monitoring("prometheus", {
 *   namespace: "monitoring",
 *   servicesNamespace: "models",
 *   storage: { size: "50Gi", storageClass: "encrypted" },
 *   alerting: {
 *     receivers: {
 *       oncall: { pagerDuty: { routingKey: config.requireSecret("pagerDutyKey") } },
 *       team: { slack: { apiUrl: config.requireSecret("slackUrl"), channel: "#models" } },
 *     },
 *     routes: [{ severity: "page", receiver: "oncall" }],
 *     receiver: "team",
 *   },
 * });
 * export const prometheus = pulumi.interpolate`${monitoring.serviceName}.${monitoring.namespace}:${monitoring.port}`;
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Name of the Service; whoever uses this output waits until Prometheus answers. */
  readonly serviceName: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  readonly port: number;
  /** Prometheus' pods, as a peer of a service's network policy, and what they look for on monitors. */
  readonly scraper: Scraper;
  /** Where the runbooks of alerts lie, without a slash at its end. */
  readonly runbookBaseUrl: string;
  /** Alertmanager; undefined where there is none, or that of an existing Prometheus. */
  readonly alertmanager: MonitoringServer | undefined;
  /** Addresses for people, by server, where there is a way through the gateway. */
  readonly addresses: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:Monitoring", name, {}, opts);
    const settings = resolve(name, args);
    const { namespace } = args;
    const { proxies, gpuExporters, existing, labels } = settings;
    const parent = { parent: this };
    this.namespace = pulumi.output(namespace);
    if (settings.dashboards) createDashboards(name, namespace, parent);
    this.runbookBaseUrl = settings.alerts?.runbookBaseUrl ?? ALERT_DEFAULTS.runbookBaseUrl;
    createPlatformAlerts(name, args, settings, parent);
    const followed = [
      ...proxies.map((one, i) => [`proxies-${i}`, proxyMonitorSpec(one.namespace, one.podLabels)] as const),
      ...(existing ? [] : gpuExporters).map(
        (one, i) => [`gpus-${i}`, gpuMonitorSpec(one.namespace, one.podLabels)] as const,
      ),
    ];
    const monitors = followed.map(([target, spec]) =>
      createPodMonitor(`${name}-${target}`, namespace, spec, labels, parent),
    );
    if (existing) {
      this.serviceName = pulumi.output(existing.service);
      this.port = existing.port;
      this.scraper = { namespace, podLabels: existing.podLabels, monitorLabels: labels };
      this.alertmanager = undefined;
      this.addresses = {};
    } else {
      const podLabels = prometheusPodLabels(name);
      this.port = PROMETHEUS_PORT;
      this.scraper = {
        namespace,
        podLabels,
        ...(Object.keys(labels).length > 0 ? { monitorLabels: labels } : {}),
      };
      const access =
        settings.access && new AccessRoutes(name, settings.access, args.gateway!, args.authority!, this);
      const alertmanager = this.createAlertmanager(name, args, settings, access);
      const service = createPrometheus(
        name,
        settings,
        {
          namespace,
          servicesNamespace: args.servicesNamespace,
          alertmanager: alertmanager !== undefined,
          externalUrl: access?.addressOf("prometheus"),
          sidecar: access?.sidecar("prometheus", name, namespace, PROMETHEUS_PORT),
          gatewayProxies: access && args.gateway ? [args.gateway.proxies] : [],
          monitors,
        },
        parent,
      );
      access?.open("prometheus", name, namespace, service);
      if (alertmanager) access?.open("alertmanager", alertmanagerService(name), namespace, alertmanager);
      access?.openGrafana();
      this.serviceName = service.metadata.name;
      this.alertmanager = alertmanager && {
        serviceName: alertmanager.metadata.name,
        namespace: this.namespace,
        port: ALERTMANAGER_PORT,
      };
      this.addresses = { ...access?.addresses };
    }
    this.registerOutputs({ serviceName: this.serviceName, namespace: this.namespace, port: this.port });
  }

  private createAlertmanager(
    name: string,
    args: MonitoringArgs,
    { alerting, configReloaderImage, readerCidrs, labels }: ResolvedMonitoring,
    access: AccessRoutes | undefined,
  ): Service | undefined {
    if (!alerting) return undefined;
    const { namespace, gateway } = args;
    return createAlertmanager(
      name,
      alerting,
      {
        namespace,
        configReloaderImage,
        senders: [{ namespace, podLabels: prometheusPodLabels(name) }],
        readerCidrs,
        monitorLabels: labels,
        externalUrl: access?.addressOf("alertmanager"),
        sidecar: access?.sidecar("alertmanager", alertmanagerService(name), namespace, ALERTMANAGER_PORT),
        proxies: access && gateway ? [gateway.proxies] : [],
      },
      { parent: this },
    );
  }
}

/** @throws InputPropertiesError with every problem. */
function resolve(name: string, args: MonitoringArgs): ResolvedMonitoring {
  const problems = new Problems("Monitoring", name);
  for (const needed of ["gateway", "authority"] as const) {
    if (args.access && args[needed] === undefined)
      problems.add(needed, "must be given with `access`: people come through the gateway, and over TLS");
  }
  let settings: ResolvedMonitoring | undefined;
  problems.absorb("", () => (settings = resolveMonitoring(name, args)));
  problems.throwIfAny();
  return settings!;
}

function createPodMonitor(
  name: string,
  namespace: pulumi.Input<string>,
  spec: object,
  labels: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): CustomResource {
  const metadata = { name, namespace, labels: { ...PART_OF, ...labels } };
  return new CustomResource(
    name,
    { apiVersion: "monitoring.coreos.com/v1", kind: "PodMonitor", metadata, spec },
    opts,
  );
}
