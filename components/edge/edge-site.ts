import { createHash } from "node:crypto";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Job } from "@pulumi/kubernetes/batch/v1";
import {
  ConfigMap,
  PersistentVolumeClaim,
  Secret,
  Service,
  ServiceAccount,
} from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import type * as k8s from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";
import { ENV, GRPC_PORT, HTTP_PORT, METRICS_PORT } from "../../runtime/contract";
import { rolloutTimeouts } from "../internal/deployment";
import { createEdgeAgent } from "../internal/edge-agent";
import {
  API_KEYS_FILE,
  API_KEYS_FOLDER,
  DRAIN_DELAY,
  DRAIN_TIMEOUT,
  edgeDeployment,
  fetchHash,
  fetchJob,
  fetchLabels,
  type EdgePods,
} from "../internal/edge-deployment";
import { agentLabels, fetchFlows, serverFlows } from "../internal/edge-flows";
import { resolveEdge } from "../internal/edge-resolve";
import { selectorLabels, serviceLabels } from "../internal/labels";
import { createModelKeys } from "../internal/model-keys";
import { nameAfter } from "../internal/name-after";
import type { Peer } from "../internal/network-policy";
import { imageProblem } from "../internal/references";
import { serverEnvironment } from "../internal/server-options";
import type { ModelReference, ModelRepository } from "../model/model-repository";
import type { CertificateAuthority } from "../traffic/certificate-authority";
import { ServerCertificate } from "../traffic/server-certificate";
import type { EdgeSettings, ResolvedEdge } from "./edge-settings";

/** Inputs of an EdgeSite; the settings of EdgeSettings have defaults of their own. */
export interface EdgeSiteArgs extends EdgeSettings {
  /** Namespace of every object. It should enforce the `restricted` pod security standard: the pods meet it. */
  readonly namespace: pulumi.Input<string>;
  /** The server's image, with a digest: what the node has of it is used without asking its registry. */
  readonly image: pulumi.Input<string>;
  /** Where the models come from, of kind "oci". */
  readonly repository: ModelRepository;
  /** The models to serve; each must be in the repository. */
  readonly models: readonly ModelReference[];
  /** Who signs the server's certificate. */
  readonly authority: CertificateAuthority;
  /**
   * Who may call: lines as `slipway api-key` prints them, kept as a secret. Keys are checked at the site itself; tokens would need
   * the keys of an issuer that may be out of reach.
   */
  readonly apiKeys: pulumi.Input<string>;
  /**
   * Pods of the site's cluster that may send requests, besides `clientCidrs`.
   * @default []
   */
  readonly clients?: readonly Peer[];
  /**
   * Pods that may read metrics, besides the site's own agent.
   * @default []
   */
  readonly scrapers?: readonly Peer[];
}

/**
 * One small node that serves models at the edge of a network and goes on without its uplink: models stay on the node's disk and
 * are verified there, keys are checked at the site, images are not pulled again, and metrics wait on the disk until the receiver
 * can be reached. An update takes the place of what runs only once its models have been fetched.
 *
 * @example
 * const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
 * const source = `oci://registry.example.com/models/ocr@${digest}`;
 * const models = [{ name: "ocr", version: "4", source, sha256: digest.slice("sha256:".length) }];
 * const site = new EdgeSite("store-12", {
 *   namespace: "edge",
 *   image: `registry.example.com/slipway/runtime@${digest}`,
 *   repository: new ModelRepository("models", { models }),
 *   models,
 *   modelSize: "20Mi",
 *   authority: new CertificateAuthority("authority"),
 *   apiKeys: new pulumi.Config().requireSecret("apiKeys"),
 *   nodeSelector: { "example.com/site": "store-12" },
 *   metrics: {
 *     image: `registry.example.com/prometheus@${digest}`,
 *     url: "https://metrics.example.com/api/v1/write",
 *     bearerToken: new pulumi.Config().requireSecret("metricsToken"),
 *   },
 * });
 * export const hostName = site.hostName;
 */
export class EdgeSite extends pulumi.ComponentResource {
  /** Name of the Service; whoever uses this output waits for its endpoints. */
  readonly serviceName: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  /** Name that the server's certificate is good for inside the cluster. */
  readonly hostName: pulumi.Output<string>;
  /** The claim that holds the models. */
  readonly cacheClaimName: pulumi.Output<string>;
  readonly models: readonly ModelReference[];
  readonly deployment: Deployment;

  constructor(name: string, args: EdgeSiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:EdgeSite", name, {}, opts);
    const settings = resolveEdge(name, args);
    const parent = { parent: this };
    const { namespace } = args;
    const metadata = { name, namespace, labels: serviceLabels(name) };
    const image = pulumi.output(args.image).apply(requireDigest);
    const access = args.repository.access(args.models);

    const certificate = new ServerCertificate(
      `${name}-tls`,
      {
        authority: args.authority,
        namespace,
        dnsNames: siteHosts(name, namespace, settings.hostNames),
        ...(settings.ipAddresses.length === 0 ? {} : { ipAddresses: [...settings.ipAddresses] }),
        validityDays: settings.certificateDays,
      },
      parent,
    );
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    const modelKeys = createModelKeys(name, metadata, args.models, args.repository, parent);
    const keys = new Secret(
      `${name}-keys`,
      // No name: Kubernetes' provider replaces a Secret whose data change, and with a fixed name it would delete it first.
      {
        metadata: { namespace, labels: metadata.labels },
        data: { [API_KEYS_FILE]: pulumi.secret(args.apiKeys).apply(base64) },
      },
      parent,
    );
    const cache = new PersistentVolumeClaim(
      `${name}-cache`,
      claim(`${name}-cache`, metadata, settings.cache),
      {
        parent: this,
        // A volume on a node's own disk cannot grow, and an update that asks for it would be refused as a whole.
        ignoreChanges: ["spec.resources"],
      },
    );
    const config = this.createConfig(name, metadata, settings, modelKeys?.environment);
    const agent = settings.metrics ? [{ namespace, podLabels: agentLabels(name) }] : [];
    const policies = [
      new NetworkPolicy(
        `${name}-flows`,
        {
          metadata,
          spec: serverFlows({
            service: name,
            clients: args.clients ?? [],
            clientCidrs: settings.clientCidrs,
            scrapers: [...(args.scrapers ?? []), ...agent],
            registries: access.registries,
          }),
        },
        parent,
      ),
      new NetworkPolicy(
        `${name}-fetch-flows`,
        {
          metadata: { ...metadata, name: `${name}-fetch` },
          spec: fetchFlows(fetchLabels(name), access.registries),
        },
        parent,
      ),
    ];
    const pods: EdgePods = {
      settings,
      service: name,
      image,
      models: args.models,
      access,
      keys: modelKeys,
      serviceAccountName: nameAfter(account, name),
      configMapName: config,
      tlsSecretName: certificate.secretName,
      keysSecretName: keys.metadata.name,
      cacheClaimName: nameAfter(cache, `${name}-cache`),
    };
    const fetched = new Job(
      `${name}-fetch`,
      {
        metadata: {
          ...metadata,
          name: image.apply(
            (digest) => `${name}-fetch-${fetchHash(args.repository.withKeys(args.models), digest)}`,
          ),
          labels: fetchLabels(name),
        },
        spec: fetchJob(pods),
      },
      {
        parent: this,
        dependsOn: policies,
        customTimeouts: { create: `${settings.fetchTimeout}s`, update: `${settings.fetchTimeout}s` },
        // Only a Job that has done its work may take the place of the one before.
        replaceOnChanges: ["spec"],
      },
    );
    this.deployment = new Deployment(
      `${name}-deployment`,
      { metadata, spec: edgeDeployment(pods) },
      {
        parent: this,
        dependsOn: [fetched],
        // The models lie on the disk by then.
        customTimeouts: rolloutTimeouts({ ...settings, modelBytes: 0 }, 1),
      },
    );
    const service = new Service(`${name}-service`, { metadata, spec: serviceSpec(name, settings) }, parent);
    if (settings.metrics) createEdgeAgent(name, namespace, settings, settings.metrics, parent);

    this.serviceName = nameAfter(service, name);
    this.namespace = pulumi.output(namespace);
    this.hostName = pulumi.interpolate`${name}.${namespace}.svc`;
    this.cacheClaimName = pods.cacheClaimName as pulumi.Output<string>;
    this.models = args.models;
    this.registerOutputs({
      serviceName: this.serviceName,
      namespace: this.namespace,
      hostName: this.hostName,
      cacheClaimName: this.cacheClaimName,
    });
  }

  /** Named by its content: other options are another object, to which the Deployment changes over. */
  private createConfig(
    name: string,
    metadata: Metadata,
    settings: ResolvedEdge,
    more: Readonly<Record<string, string>> | undefined,
  ): pulumi.Output<string> {
    const environment = {
      ...serverEnvironment({ ...settings, drainDelay: DRAIN_DELAY, drainTimeout: DRAIN_TIMEOUT }),
      ...more,
      [ENV.apiKeysFile]: `${API_KEYS_FOLDER}/${API_KEYS_FILE}`,
    };
    const hash = createHash("sha256").update(JSON.stringify(environment)).digest("hex").slice(0, 8);
    const configName = `${name}-options-${hash}`;
    const config = new ConfigMap(
      `${name}-options`,
      { metadata: { ...metadata, name: configName }, data: environment },
      { parent: this },
    );
    return nameAfter(config, configName);
  }
}

interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
}

function claim(
  name: string,
  metadata: Metadata,
  { size, storageClass }: ResolvedEdge["cache"],
): k8s.core.v1.PersistentVolumeClaim {
  return {
    // A class may bind it only when its first pod is there, and that pod is made after it.
    metadata: { ...metadata, name, annotations: { "pulumi.com/skipAwait": "true" } },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: size } },
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    },
  };
}

function serviceSpec(name: string, { nodePort }: ResolvedEdge): k8s.core.v1.ServiceSpec {
  const port = (portName: string, number: number) => ({
    name: portName,
    port: number,
    targetPort: portName,
    protocol: "TCP",
  });
  const reached = nodePort === undefined ? {} : { nodePort };
  return {
    selector: selectorLabels(name),
    ports: [
      { ...port("http", HTTP_PORT), ...reached },
      port("grpc", GRPC_PORT),
      port("metrics", METRICS_PORT),
    ],
    ...(nodePort === undefined
      ? {}
      : // The client's own address must arrive, or no policy could tell who it is.
        { type: "NodePort", externalTrafficPolicy: "Local" }),
  };
}

function siteHosts(
  name: string,
  namespace: pulumi.Input<string>,
  more: readonly string[],
): pulumi.Output<string[]> {
  return pulumi
    .output(namespace)
    .apply((ns) => [`${name}.${ns}.svc`, `${name}.${ns}.svc.cluster.local`, `${name}.${ns}`, name, ...more]);
}

function requireDigest(image: string): string {
  const problem = imageProblem(image);
  if (problem) throw new pulumi.InputPropertyError({ propertyPath: "image", reason: problem });
  return image;
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
