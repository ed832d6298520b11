import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, PersistentVolumeClaim, Secret, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as k8s from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";
import type { ResolvedEdge, ResolvedMetrics } from "../edge/edge-settings";
import { agentFlows, agentLabels } from "./edge-flows";
import {
  AGENT_PORT,
  AGENT_UID,
  agentArguments,
  agentConfig,
  bufferSize,
  CONFIG_FOLDER,
  CREDENTIAL_FILES,
  CREDENTIALS_FOLDER,
  DATA_FOLDER,
} from "./edge-metrics";
import { nameAfter } from "./name-after";
import { podPlacement } from "./pod-placement";
import { RESTRICTED_CONTAINER, restrictedPod } from "./pod-security";
import { imageProblem } from "./references";

/** Scraping one server; what is buffered lies on the disk and not in memory. */
const RESOURCES = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

/** Prometheus as an agent: samples wait on a volume of their own until the receiver takes them. */
export function createEdgeAgent(
  site: string,
  namespace: pulumi.Input<string>,
  settings: ResolvedEdge,
  metrics: ResolvedMetrics,
  opts: pulumi.CustomResourceOptions,
): void {
  const name = `${site}-agent`;
  const labels = agentLabels(site);
  const metadata = { name, namespace, labels };
  const account = new ServiceAccount(
    `${name}-account`,
    { metadata, automountServiceAccountToken: false },
    opts,
  );
  // No names: Kubernetes' provider replaces both where their data change, and with a fixed name it would delete them first.
  const unnamed = { namespace, labels };
  const credentials = new Secret(
    `${name}-credentials`,
    { metadata: unnamed, data: credentialFiles(metrics) },
    opts,
  );
  const configuration = pulumi
    .all([namespace, metrics.username])
    .apply(([ns, username]) => agentConfig(metrics, { site, namespace: ns, username }));
  const config = new ConfigMap(
    `${name}-config`,
    { metadata: unnamed, data: { "prometheus.yml": configuration } },
    opts,
  );
  const buffer = new PersistentVolumeClaim(
    `${name}-buffer`,
    {
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: bufferSize(metrics) } },
        ...(settings.cache.storageClass === undefined
          ? {}
          : { storageClassName: settings.cache.storageClass }),
      },
    },
    // A volume on a node's own disk cannot grow, and an update that asks for it would be refused as a whole.
    { ...opts, ignoreChanges: ["spec.resources"] },
  );
  const { port } = new URL(metrics.url);
  const policy = new NetworkPolicy(
    `${name}-flows`,
    { metadata, spec: agentFlows(site, metrics.receiverCidrs, port === "" ? 443 : Number(port)) },
    opts,
  );
  new Deployment(
    `${name}-deployment`,
    {
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: { ...labels } },
        revisionHistoryLimit: 3,
        // Two would write to the same log.
        strategy: { type: "Recreate" },
        template: {
          metadata: { labels },
          spec: agentPod(site, settings, metrics, {
            account: nameAfter(account, name),
            config: config.metadata.name,
            credentials: credentials.metadata.name,
            buffer: nameAfter(buffer, name),
          }),
        },
      },
    },
    { ...opts, dependsOn: [policy] },
  );
}

interface Names {
  readonly account: pulumi.Input<string>;
  readonly config: pulumi.Input<string>;
  readonly credentials: pulumi.Input<string>;
  readonly buffer: pulumi.Input<string>;
}

function agentPod(
  site: string,
  settings: ResolvedEdge,
  metrics: ResolvedMetrics,
  names: Names,
): k8s.core.v1.PodSpec {
  const { topologySpreadConstraints: _none, ...placement } = podPlacement({
    ...settings,
    service: site,
    spread: "preferred",
  });
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, periodSeconds: 15, timeoutSeconds: 5 });
  return {
    serviceAccountName: names.account,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(AGENT_UID),
    ...(settings.imagePullSecrets.length === 0
      ? {}
      : { imagePullSecrets: settings.imagePullSecrets.map((name) => ({ name })) }),
    ...placement,
    containers: [
      {
        name: "prometheus",
        image: pulumi.output(metrics.image).apply(requireDigest),
        imagePullPolicy: "IfNotPresent",
        args: agentArguments(metrics),
        ports: [{ name: "http", containerPort: AGENT_PORT, protocol: "TCP" }],
        resources: RESOURCES,
        // Reading a log of several days takes its time.
        startupProbe: { ...probe("/-/ready"), failureThreshold: 40 },
        readinessProbe: probe("/-/ready"),
        livenessProbe: { ...probe("/-/healthy"), failureThreshold: 6 },
        securityContext: RESTRICTED_CONTAINER,
        volumeMounts: [
          { name: "config", mountPath: CONFIG_FOLDER, readOnly: true },
          { name: "credentials", mountPath: CREDENTIALS_FOLDER, readOnly: true },
          { name: "buffer", mountPath: DATA_FOLDER },
        ],
      },
    ],
    volumes: [
      { name: "config", configMap: { name: names.config } },
      { name: "credentials", secret: { secretName: names.credentials, defaultMode: 0o440 } },
      { name: "buffer", persistentVolumeClaim: { claimName: names.buffer } },
    ],
  };
}

function credentialFiles(metrics: ResolvedMetrics): Record<string, pulumi.Output<string>> {
  const files: Record<string, pulumi.Output<string>> = {};
  for (const [field, file] of Object.entries(CREDENTIAL_FILES)) {
    const value = metrics[field as keyof typeof CREDENTIAL_FILES];
    if (value === undefined) continue;
    files[file] = pulumi.secret(value).apply((text) => Buffer.from(text, "utf8").toString("base64"));
  }
  return files;
}

function requireDigest(image: string): string {
  const problem = imageProblem(image);
  if (problem) throw new pulumi.InputPropertyError({ propertyPath: "metrics.image", reason: problem });
  return image;
}
