import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Secret, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import type * as pulumi from "@pulumi/pulumi";
import { METRICS_PORT } from "../../runtime/contract";
import { ALERTMANAGER_PORT, alertmanagerPodLabels, alertmanagerService } from "../internal/alertmanager";
import { PART_OF } from "../internal/labels";
import { TLS_PORT } from "../internal/monitoring-access";
import type { Peer } from "../internal/network-policy";
import {
  DISCOVERY_RULES,
  GPU_METRICS_PORT,
  PROMETHEUS_PORT,
  PROXY_METRICS_PORT,
  prometheusPodLabels,
  prometheusSpec,
  type Sidecar,
} from "../internal/prometheus";
import { prometheusPolicy } from "../internal/prometheus-flows";
import { remoteWriteData, remoteWriteFlows } from "../internal/prometheus-remote-write";
import type { ResolvedMonitoring } from "./monitoring-checks";

/** Where a Prometheus is, and who may reach it. */
export interface PrometheusPlace {
  readonly namespace: pulumi.Input<string>;
  readonly servicesNamespace: pulumi.Input<string>;
  /** Whether there is an Alertmanager beside it. */
  readonly alertmanager: boolean;
  readonly externalUrl: pulumi.Input<string> | undefined;
  readonly sidecar: Sidecar | undefined;
  /** Proxies of the gateway that ask the sidecar. */
  readonly gatewayProxies: readonly Peer[];
  /** What it follows, made before it. */
  readonly monitors: readonly pulumi.Resource[];
}

/** A Prometheus, run by the Prometheus operator; its pods are closed but for what they need before they start. */
export function createPrometheus(
  name: string,
  settings: ResolvedMonitoring,
  place: PrometheusPlace,
  opts: pulumi.CustomResourceOptions,
): Service {
  const { namespace, servicesNamespace, sidecar, alertmanager } = place;
  const metadata = { name, namespace, labels: { ...PART_OF } };
  const account = new ServiceAccount(
    `${name}-account`,
    { metadata, automountServiceAccountToken: false },
    opts,
  );
  const { proxies, gpuExporters } = settings;
  const followed = [...new Set([...proxies, ...gpuExporters].map((target) => target.namespace))];
  const bindings = [servicesNamespace, ...followed].map((target, i) =>
    createDiscovery(`${name}-discovery-${i}`, name, namespace, target, account, opts),
  );
  // For Alertmanager alone, which is found as any target is.
  if (alertmanager)
    bindings.push(createDiscovery(`${name}-discovery-own`, name, namespace, namespace, account, opts));
  const flows = new NetworkPolicy(
    `${name}-flows`,
    { metadata, spec: prometheusPolicy(flowsOf(name, place, settings)) },
    opts,
  );
  const secretData = remoteWriteData(settings.remoteWrite);
  const secret =
    secretData &&
    new Secret(
      `${name}-remote-write`,
      // No name: with a fixed one a change would delete it before the new one is there.
      { metadata: { namespace, labels: { ...PART_OF } }, type: "Opaque", data: secretData },
      opts,
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
        remoteWriteSecret: secret?.metadata.name,
        alertmanager: alertmanager ? { service: alertmanagerService(name), namespace } : undefined,
        externalUrl: place.externalUrl,
        sidecar,
        serviceAccountName: account.metadata.name,
        namespaces: [servicesNamespace, namespace],
      }),
    },
    { ...opts, dependsOn: [...bindings, flows, ...place.monitors] },
  );
  if (settings.replicas > 1) {
    const selector = { matchLabels: prometheusPodLabels(name) };
    // A pod that never gets ready would otherwise keep its node from being drained.
    new PodDisruptionBudget(
      `${name}-disruptions`,
      { metadata, spec: { maxUnavailable: 1, selector, unhealthyPodEvictionPolicy: "AlwaysAllow" } },
      opts,
    );
  }
  return createService(name, namespace, settings.nodePort, sidecar, {
    ...opts,
    dependsOn: [prometheus],
  });
}

function flowsOf(
  name: string,
  { namespace, servicesNamespace, gatewayProxies }: PrometheusPlace,
  settings: ResolvedMonitoring,
): Parameters<typeof prometheusPolicy>[0] {
  const { ports, pods, podIdentity } = remoteWriteFlows(settings.remoteWrite);
  const alerts = { namespace, podLabels: alertmanagerPodLabels(name), port: ALERTMANAGER_PORT };
  return {
    podLabels: prometheusPodLabels(name),
    port: PROMETHEUS_PORT,
    readerCidrs: settings.readerCidrs,
    readers: settings.readers,
    targets: [
      { namespace: servicesNamespace, podLabels: { ...PART_OF }, port: METRICS_PORT },
      ...settings.proxies.map((proxy) => ({ ...proxy, port: PROXY_METRICS_PORT })),
      ...settings.gpuExporters.map((exporter) => ({ ...exporter, port: GPU_METRICS_PORT })),
      ...(settings.alerting ? [alerts] : []),
      ...pods,
    ],
    receiverPorts: ports,
    podIdentity,
    proxies: { peers: gatewayProxies, port: TLS_PORT },
  };
}

function createService(
  name: string,
  namespace: pulumi.Input<string>,
  nodePort: number | undefined,
  sidecar: Sidecar | undefined,
  opts: pulumi.CustomResourceOptions,
): Service {
  const web = { name: "web", port: PROMETHEUS_PORT, targetPort: "web", protocol: "TCP" };
  const tls = { name: "tls", port: TLS_PORT, targetPort: "tls", protocol: "TCP" };
  return new Service(
    `${name}-service`,
    {
      metadata: { name, namespace, labels: { ...PART_OF } },
      spec: {
        type: nodePort === undefined ? "ClusterIP" : "NodePort",
        selector: prometheusPodLabels(name),
        ports: [{ ...web, ...(nodePort === undefined ? {} : { nodePort }) }, ...(sidecar ? [tls] : [])],
      },
    },
    opts,
  );
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
