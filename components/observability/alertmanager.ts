import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Secret, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import type * as pulumi from "@pulumi/pulumi";
import {
  ALERTMANAGER_PORT,
  alertmanagerConfigSpec,
  alertmanagerPodLabels,
  alertmanagerPolicy,
  alertmanagerService,
  alertmanagerSpec,
  configLabels,
} from "../internal/alertmanager";
import { receiverData } from "../internal/alertmanager-receivers";
import { PART_OF } from "../internal/labels";
import { TLS_PORT } from "../internal/monitoring-access";
import type { Peer } from "../internal/network-policy";
import type { Sidecar } from "../internal/prometheus";
import type { ResolvedAlerting } from "./alertmanager-checks";

/** Where an Alertmanager is, and who may reach it. */
export interface AlertmanagerPlace {
  readonly namespace: pulumi.Input<string>;
  readonly configReloaderImage: string | undefined;
  /** Prometheus' pods. */
  readonly senders: readonly Peer[];
  readonly readerCidrs: readonly string[];
  /** Labels that monitors carry besides the platform's own. */
  readonly monitorLabels: Readonly<Record<string, string>>;
  readonly externalUrl: pulumi.Input<string> | undefined;
  readonly sidecar: Sidecar | undefined;
  /** Proxies of the gateway that ask the sidecar. */
  readonly proxies: readonly Peer[];
}

/** An Alertmanager, run by the Prometheus operator; its pods are closed but for what they need before they start. */
export function createAlertmanager(
  name: string,
  settings: ResolvedAlerting,
  place: AlertmanagerPlace,
  opts: pulumi.CustomResourceOptions,
): Service {
  const { namespace, proxies, sidecar } = place;
  const service = alertmanagerService(name);
  const metadata = { name: service, namespace, labels: { ...PART_OF } };
  const podLabels = alertmanagerPodLabels(name);
  const account = new ServiceAccount(
    `${service}-account`,
    { metadata, automountServiceAccountToken: false },
    opts,
  );
  const flows = new NetworkPolicy(
    `${service}-flows`,
    {
      metadata,
      spec: alertmanagerPolicy({
        name,
        settings,
        senders: place.senders,
        readerCidrs: place.readerCidrs,
        proxies: { peers: proxies, port: TLS_PORT },
      }),
    },
    opts,
  );
  const config =
    Object.keys(settings.receivers).length === 0 ? [] : [createConfig(name, settings, namespace, opts)];
  const alertmanager = new CustomResource(
    service,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "Alertmanager",
      metadata: { ...metadata, name, annotations: { "pulumi.com/waitFor": "condition=Available" } },
      spec: alertmanagerSpec({
        ...settings,
        name,
        configReloaderImage: place.configReloaderImage,
        serviceAccountName: account.metadata.name,
        externalUrl: place.externalUrl,
        sidecar,
      }),
    },
    { ...opts, dependsOn: [flows, ...config] },
  );
  if (settings.replicas > 1) {
    // A pod that never gets ready would otherwise keep its node from being drained.
    new PodDisruptionBudget(
      `${service}-disruptions`,
      {
        metadata,
        spec: {
          maxUnavailable: 1,
          selector: { matchLabels: podLabels },
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      opts,
    );
  }
  const labels = { ...metadata.labels, ...podLabels };
  createMonitor(service, { ...metadata, labels: { ...PART_OF, ...place.monitorLabels } }, labels, opts);
  return new Service(
    `${service}-service`,
    {
      metadata: { ...metadata, labels },
      spec: {
        type: settings.nodePort === undefined ? "ClusterIP" : "NodePort",
        selector: podLabels,
        ports: [
          {
            name: "web",
            port: ALERTMANAGER_PORT,
            targetPort: "web",
            protocol: "TCP",
            ...(settings.nodePort === undefined ? {} : { nodePort: settings.nodePort }),
          },
          ...(sidecar === undefined
            ? []
            : [{ name: "tls", port: TLS_PORT, targetPort: "tls", protocol: "TCP" }]),
        ],
      },
    },
    { ...opts, dependsOn: [alertmanager] },
  );
}

/** Who is told of what; what is secret is in a Secret of its own, to which it refers. */
function createConfig(
  name: string,
  settings: ResolvedAlerting,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): CustomResource {
  const service = alertmanagerService(name);
  const labels = configLabels(name);
  const secret = new Secret(
    `${service}-receivers`,
    // No name: with a fixed one a change would delete it before the new one is there.
    {
      metadata: { namespace, labels: { ...PART_OF } },
      type: "Opaque",
      data: receiverData(name, settings.receivers),
    },
    opts,
  );
  return new CustomResource(
    `${service}-config`,
    {
      apiVersion: "monitoring.coreos.com/v1alpha1",
      kind: "AlertmanagerConfig",
      metadata: { name: service, namespace, labels },
      spec: alertmanagerConfigSpec(settings, secret.metadata.name),
    },
    opts,
  );
}

/** Alertmanager's own metrics, by which notifications that did not arrive are known. */
function createMonitor(
  name: string,
  metadata: object,
  matchLabels: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): void {
  const spec = { selector: { matchLabels }, endpoints: [{ port: "web", path: "/metrics", interval: "30s" }] };
  new CustomResource(
    `${name}-monitor`,
    { apiVersion: "monitoring.coreos.com/v1", kind: "ServiceMonitor", metadata, spec },
    opts,
  );
}
