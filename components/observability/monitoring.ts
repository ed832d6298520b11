import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import * as pulumi from "@pulumi/pulumi";
import { METRICS_PORT } from "../../runtime/contract";
import { PART_OF } from "../internal/labels";
import { prometheusPolicy, type Peer } from "../internal/network-policy";
import {
  DISCOVERY_RULES,
  PROMETHEUS_PORT,
  PROXY_METRICS_PORT,
  prometheusPodLabels,
  prometheusSpec,
  proxyMonitorSpec,
} from "../internal/prometheus";
import { createDashboards } from "./dashboards";
import { resolveMonitoring, type MonitoringSettings } from "./monitoring-settings";

/** Inputs of Monitoring; the settings of MonitoringSettings have defaults of their own. */
export interface MonitoringArgs extends MonitoringSettings {
  /** Namespace of Prometheus. */
  readonly namespace: pulumi.Input<string>;
  /** Namespace of the services whose ServiceMonitors are followed. */
  readonly servicesNamespace: pulumi.Input<string>;
}

/**
 * Prometheus, run by the Prometheus operator: follows the services' ServiceMonitors and the gateways' proxies. It may look
 * for targets in the namespaces it watches and nowhere else, and only reach those targets.
 *
 * @example
 * const monitoring = new Monitoring("prometheus", {
 *   namespace: "monitoring",
 *   servicesNamespace: "models",
 * });
 * export const prometheus = pulumi.interpolate`${monitoring.serviceName}.${monitoring.namespace}:${monitoring.port}`;
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Name of the Service; whoever uses this output waits until Prometheus answers. */
  readonly serviceName: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  readonly port: number;
  /** Prometheus' pods, as a peer of a service's network policy. */
  readonly scraper: Peer;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:Monitoring", name, {}, opts);
    const settings = resolveMonitoring(name, args);
    const { namespace, servicesNamespace } = args;
    const podLabels = prometheusPodLabels(name);
    const metadata = { name, namespace, labels: { ...PART_OF } };
    const parent = { parent: this };
    const { proxies } = settings;

    const account = new ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    const proxyNamespaces = [...new Set(proxies.map((proxy) => proxy.namespace))];
    const watched = [servicesNamespace, ...proxyNamespaces];
    if (settings.dashboards) createDashboards(name, namespace, parent);
    const bindings = watched.map((target, i) =>
      createDiscovery(`${name}-discovery-${i}`, name, namespace, target, account, parent),
    );
    const flows = new NetworkPolicy(
      `${name}-flows`,
      {
        metadata,
        spec: prometheusPolicy({
          podLabels,
          port: PROMETHEUS_PORT,
          readerCidrs: settings.readerCidrs,
          readers: settings.readers,
          targets: [
            { namespace: servicesNamespace, podLabels: { ...PART_OF }, port: METRICS_PORT },
            ...proxies.map((proxy) => ({ ...proxy, port: PROXY_METRICS_PORT })),
          ],
        }),
      },
      parent,
    );
    const monitors = proxies.map(
      (proxy, i) =>
        new CustomResource(
          `${name}-proxies-${i}`,
          {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "PodMonitor",
            metadata: { ...metadata, name: `${name}-proxies-${i}` },
            spec: proxyMonitorSpec(proxy.namespace, proxy.podLabels),
          },
          parent,
        ),
    );
    const prometheus = new CustomResource(
      `${name}-prometheus`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "Prometheus",
        metadata: { ...metadata, annotations: { "pulumi.com/waitFor": "condition=Available" } },
        spec: prometheusSpec({
          ...settings,
          name,
          serviceAccountName: account.metadata.name,
          namespaces: [servicesNamespace, namespace],
        }),
      },
      { parent: this, dependsOn: [...bindings, flows, ...monitors] },
    );
    const service = new Service(
      `${name}-service`,
      {
        metadata,
        spec: {
          type: settings.nodePort === undefined ? "ClusterIP" : "NodePort",
          selector: podLabels,
          ports: [
            {
              name: "web",
              port: PROMETHEUS_PORT,
              targetPort: "web",
              protocol: "TCP",
              ...(settings.nodePort === undefined ? {} : { nodePort: settings.nodePort }),
            },
          ],
        },
      },
      { parent: this, dependsOn: [prometheus] },
    );

    this.serviceName = service.metadata.name;
    this.namespace = pulumi.output(namespace);
    this.port = PROMETHEUS_PORT;
    this.scraper = { namespace, podLabels };
    this.registerOutputs({ serviceName: this.serviceName, namespace: this.namespace, port: this.port });
  }
}

/** Lets Prometheus look for targets in one namespace. */
function createDiscovery(
  resourceName: string,
  objectName: string,
  accountNamespace: pulumi.Input<string>,
  target: pulumi.Input<string>,
  account: ServiceAccount,
  opts: pulumi.CustomResourceOptions,
): RoleBinding {
  const metadata = { name: `${objectName}-discovery`, namespace: target, labels: { ...PART_OF } };
  const role = new Role(resourceName, { metadata, rules: DISCOVERY_RULES }, opts);
  return new RoleBinding(
    `${resourceName}-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace: accountNamespace }],
    },
    opts,
  );
}
