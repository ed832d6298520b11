import { createHash } from "node:crypto";
import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, Secret, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import { METRICS_PATH, METRICS_PORT } from "../../runtime/contract";
import { monitorMetadata, type Scraper } from "../internal/monitor-labels";
import { nameAfter } from "../internal/name-after";
import type { Peer } from "../internal/network-policy";
import {
  CONFIG_FILE,
  collectorDeployment,
  collectorLabels,
  collectorPolicy,
  collectorSelector,
} from "../internal/otel-collector";
import {
  OTLP_GRPC_PORT,
  OTLP_HTTP_PORT,
  authorityFile,
  collectorConfig,
  exporterSecrets,
} from "../internal/otel-config";
import type { CertificateAuthority } from "../traffic/certificate-authority";
import { ServerCertificate } from "../traffic/server-certificate";
import { resolveCollector } from "./telemetry-checks";
import type { GivenCollector, TelemetryExporter } from "./telemetry-settings";

/** Inputs of a TelemetryCollector; the settings of TelemetryCollectorSettings have defaults of their own. */
export interface TelemetryCollectorArgs extends GivenCollector {
  /** Namespace of every object: that of the gateway and the services. It may enforce the `restricted` pod security standard. */
  readonly namespace: pulumi.Input<string>;
  /** Who signs its certificate. */
  readonly authority: CertificateAuthority;
  /**
   * Pods that may send: the gateways' proxies and the servers.
   * @default []
   */
  readonly senders?: readonly Peer[];
  /**
   * Pods that may read its metrics (port 8002). Where there is one, a ServiceMonitor is made.
   * @default []
   */
  readonly scrapers?: readonly Scraper[];
}

/**
 * OpenTelemetry's collector: takes spans and log records by OTLP over TLS and sends them on, to Tempo, Jaeger, Elastic, Loki or whoever
 * speaks OTLP. Its memory is bounded; what cannot be sent is dropped, never a request held up.
 *
 * @example
 * const config = new pulumi.Config();
 * const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
 * const collector = new TelemetryCollector("telemetry", {
 *   namespace: "models",
 *   authority: new CertificateAuthority("authority"),
 *   image: `registry.example.com/opentelemetry-collector-contrib@${digest}`,
 *   exporters: [
 *     { kind: "otlp", endpoint: "http://tempo.tracing.svc:4317" },
 *     { kind: "otlphttp", endpoint: "https://apm.example.com", headers: { authorization: config.requireSecret("apm") } },
 *   ],
 *   sampling: { kind: "tail", percent: 5, slowSeconds: 0.5 },
 *   senders: [{ namespace: "models", podLabels: { "app.kubernetes.io/part-of": "slipway" } }],
 * });
 * export const endpoint = collector.endpoint;
 */
export class TelemetryCollector extends pulumi.ComponentResource {
  readonly collectorName: string;
  /** Name of the Service; whoever uses this output waits until the Service is there, though not for its pods. */
  readonly serviceName: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  /** Port of OTLP over gRPC. */
  readonly grpcPort: number;
  /** Base URL of OTLP over HTTP. */
  readonly endpoint: pulumi.Output<string>;
  /** Name that its certificate is good for. */
  readonly hostName: pulumi.Output<string>;
  /** ConfigMap of the namespace with the authority of its certificate in `ca.crt`. */
  readonly authorityConfigMap: pulumi.Output<string>;
  /** Its pods, as a peer of a network policy. */
  readonly receiver: Peer;

  constructor(name: string, args: TelemetryCollectorArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:TelemetryCollector", name, {}, opts);
    const settings = resolveCollector(name, args);
    const { namespace, authority, senders = [], scrapers = [] } = args;
    const metadata = { name, namespace, labels: collectorLabels(name) };
    const parent = { parent: this };

    this.hostName = pulumi.interpolate`${name}.${namespace}.svc`;
    const certificate = new ServerCertificate(
      `${name}-tls`,
      {
        authority,
        namespace,
        dnsNames: [this.hostName, pulumi.interpolate`${this.hostName}.cluster.local`, name],
      },
      parent,
    );
    const authorityName = `${name}-authority`;
    const authorityMap = new ConfigMap(
      authorityName,
      { metadata: { ...metadata, name: authorityName }, data: { "ca.crt": authority.certificatePem } },
      parent,
    );
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    const flows = new NetworkPolicy(
      `${name}-flows`,
      { metadata, spec: collectorPolicy(name, senders, scrapers, settings) },
      parent,
    );
    new Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: collectorDeployment(settings, {
          name,
          serviceAccountName: nameAfter(account, name),
          configMapName: createConfig(name, metadata, collectorConfig(settings), parent),
          tlsSecretName: certificate.secretName,
          secretName: createSecrets(name, metadata, settings.exporters, parent),
          authoritiesName: createAuthorities(name, metadata, settings.exporters, parent),
        }),
      },
      // The policy first: its absence would leave the first pod open to everyone.
      { parent: this, dependsOn: [flows] },
    );
    const service = new Service(
      `${name}-service`,
      // Gateway and services begin without it: a collector that does not start must hold up neither.
      {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: { selector: collectorSelector(name), ports: PORTS },
      },
      parent,
    );
    if (settings.replicas > 1) {
      const spec = {
        maxUnavailable: 1,
        selector: { matchLabels: collectorSelector(name) },
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      };
      new PodDisruptionBudget(`${name}-disruption`, { metadata, spec }, parent);
    }
    if (scrapers.length > 0) createMonitor(name, monitorMetadata(metadata, scrapers), parent);

    this.collectorName = name;
    this.serviceName = nameAfter(service, name);
    this.namespace = pulumi.output(namespace);
    this.grpcPort = OTLP_GRPC_PORT;
    this.endpoint = pulumi.interpolate`https://${this.hostName}:${OTLP_HTTP_PORT}`;
    this.authorityConfigMap = nameAfter(authorityMap, authorityName);
    this.receiver = { namespace, podLabels: collectorSelector(name) };
    this.registerOutputs({
      serviceName: this.serviceName,
      namespace: this.namespace,
      endpoint: this.endpoint,
    });
  }
}

interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
}

const PORTS = [
  { name: "otlp-grpc", port: OTLP_GRPC_PORT, targetPort: "otlp-grpc", protocol: "TCP", appProtocol: "grpc" },
  { name: "otlp-http", port: OTLP_HTTP_PORT, targetPort: "otlp-http", protocol: "TCP" },
  { name: "metrics", port: METRICS_PORT, targetPort: "metrics", protocol: "TCP" },
];

/** JSON, which YAML includes. Named by its content: another configuration is another object, to which the pods change over. */
function createConfig(
  name: string,
  metadata: Metadata,
  config: object,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const text = JSON.stringify(config, undefined, 2);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const configName = `${name}-config-${hash}`;
  const data = { [CONFIG_FILE]: text };
  const map = new ConfigMap(`${name}-config`, { metadata: { ...metadata, name: configName }, data }, opts);
  return nameAfter(map, configName);
}

/** Undefined where no exporter has a secret. */
function createSecrets(
  name: string,
  { namespace, labels }: Metadata,
  exporters: readonly TelemetryExporter[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const secrets = Object.entries(exporterSecrets(exporters));
  if (secrets.length === 0) return undefined;
  const data = Object.fromEntries(
    secrets.map(([key, value]) => [
      key,
      pulumi.secret(value).apply((text) => Buffer.from(text).toString("base64")),
    ]),
  );
  // No name, as with certificates: a Secret whose data change is replaced, and its users change over before the old one goes.
  return new Secret(`${name}-exporters`, { metadata: { namespace, labels }, data }, opts).metadata.name;
}

/** Undefined where every exporter trusts public authorities. */
function createAuthorities(
  name: string,
  { namespace, labels }: Metadata,
  exporters: readonly TelemetryExporter[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const files = exporters.flatMap((exporter, i) =>
    exporter.kind === "debug" || exporter.caCertificate === undefined
      ? []
      : [[authorityFile(i), exporter.caCertificate] as const],
  );
  if (files.length === 0) return undefined;
  const data = Object.fromEntries(files);
  return new ConfigMap(`${name}-authorities`, { metadata: { namespace, labels }, data }, opts).metadata.name;
}

function createMonitor(name: string, metadata: Metadata, opts: pulumi.CustomResourceOptions): void {
  const spec = {
    selector: { matchLabels: collectorSelector(name) },
    endpoints: [{ port: "metrics", path: METRICS_PATH, scheme: "http", interval: "15s" }],
  };
  new CustomResource(
    `${name}-monitor`,
    { apiVersion: "monitoring.coreos.com/v1", kind: "ServiceMonitor", metadata, spec },
    opts,
  );
}
