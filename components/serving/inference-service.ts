import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import { GRPC_PORT, HTTP_PORT, METRICS_PATH, METRICS_PORT } from "../../runtime/contract";
import type { ComparedSlot } from "../internal/comparator";
import { deploymentSpec, rolloutTimeouts } from "../internal/deployment";
import { targetSelector } from "../internal/flagger-canary";
import { selectorLabels, serviceLabels } from "../internal/labels";
import { createModelKeys } from "../internal/model-keys";
import { monitorLabels, monitorMetadata } from "../internal/monitor-labels";
import { nameAfter } from "../internal/name-after";
import { createOptions } from "../internal/options-config";
import { serverPolicy, type Peer } from "../internal/network-policy";
import { createPayloadLog } from "../internal/payload-log";
import { imageProblem } from "../internal/references";
import { serverEnvironment } from "../internal/server-options";
import { serverTelemetry, type ServiceTelemetry } from "../internal/server-telemetry";
import { rolloutLabels, slotLabels } from "../internal/slot-labels";
import type { ModelReference, ModelRepository } from "../model/model-repository";
import { createServiceAlerts } from "../observability/alerts";
import type { CertificateAuthority } from "../traffic/certificate-authority";
import { ServerCertificate } from "../traffic/server-certificate";
import {
  OWNED_BY_AUTOSCALER,
  createAutoscaler,
  createRecommender,
  firstReplicas,
  ownsReplicas,
} from "./service-autoscaler";
import { warnOfFullPool } from "./service-warnings";
import { resolveService, type ServiceSettings } from "./service-settings";

/** Inputs of an InferenceService; the settings of ServiceSettings have defaults of their own. */
export interface InferenceServiceArgs extends ServiceSettings {
  /** Namespace of every object. It should enforce the `restricted` pod security standard: the pods meet it. */
  readonly namespace: pulumi.Input<string>;
  /** The server's image, with a digest. */
  readonly image: pulumi.Input<string>;
  /** Where the models come from. */
  readonly repository: ModelRepository;
  /** The models to serve; each must be in the repository. At least one, at most 128 different ones. */
  readonly models: readonly ModelReference[];
  /** Who signs the server's certificate. */
  readonly authority: CertificateAuthority;
  /**
   * Pods that may send requests (ports 8000 and 8001): those of the gateways.
   * @default []
   */
  readonly gateways?: readonly Peer[];
  /**
   * Pods that may read metrics (port 8002). Where there is one, a ServiceMonitor is made.
   * @default []
   */
  readonly scrapers?: readonly Peer[];
  /**
   * Where the runbooks of its alerts lie: `monitoring.runbookBaseUrl`.
   * @default the platform's own
   */
  readonly runbookBaseUrl?: string;
  /**
   * Where the server sends spans, and of how many requests.
   * @default none: nothing is traced
   */
  readonly telemetry?: ServiceTelemetry;
  /**
   * What makes it a slot of a Rollout, which gives it.
   * @default none
   */
  readonly slot?: ComparedSlot;
  /**
   * Whether it is what Flagger copies its primary from, for a Rollout that Flagger carries out: the Services are Flagger's then, and
   * so is the number of pods, once they are there.
   * @default false
   */
  readonly flaggerTarget?: boolean;
}

/**
 * A server of one or more models behind a Service of the same name: TLS on its ports, models verified before it starts,
 * pods of the `restricted` standard, only the network flows it needs, rolling updates without a gap.
 *
 * @example
 * const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
 * const source = `oci://registry.example.com/models/ocr@${digest}`;
 * const models = [{ name: "ocr", version: "4", source, sha256: digest.slice("sha256:".length) }];
 * const service = new InferenceService("text", {
 *   namespace: "models",
 *   image: `registry.example.com/slipway/runtime@${digest}`,
 *   repository: new ModelRepository("models", { models }),
 *   models,
 *   authority: new CertificateAuthority("authority"),
 *   // Asleep while nobody asks; a pod for every four requests that wait, and eight at most.
 *   replicas: 0,
 *   maxReplicas: 8,
 *   scaling: { on: "queueDepth", target: 4, via: "keda" },
 *   scrapers: [{ namespace: "monitoring", podLabels: { "app.kubernetes.io/name": "prometheus" } }],
 * });
 * export const serviceName = service.serviceName;
 */
export class InferenceService extends pulumi.ComponentResource {
  /** Name of the Service; whoever uses this output waits for its endpoints. */
  readonly serviceName: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  /** Name that the server's certificate is good for: what a client inside the cluster must verify. */
  readonly hostName: pulumi.Output<string>;
  readonly models: readonly ModelReference[];
  readonly deployment: Deployment;
  /** For what must not begin before both the Service has endpoints and the Deployment has rolled out. */
  readonly ready: pulumi.Output<unknown>;
  /** Whether there may be no pod at all, while nobody asks. */
  readonly scalesToZero: boolean;

  constructor(name: string, args: InferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:InferenceService", name, {}, opts);
    const scrapers = args.scrapers ?? [];
    const settings = resolveService(name, { ...args, watched: scrapers.length > 0 });
    this.scalesToZero = settings.replicas === 0;
    if (settings.blocksUpdates) warnOfFullPool(name, this);
    const parent = { parent: this };
    const { slot, flaggerTarget = false } = args;
    const marks = slot ? slotLabels(slot) : flaggerTarget ? rolloutLabels(name) : {};
    const isCold = slot?.traffic === "cold";
    const metadata = { name, namespace: args.namespace, labels: { ...serviceLabels(name), ...marks } };
    const image = pulumi.output(args.image).apply(requireDigest);

    const certificate = new ServerCertificate(
      `${name}-tls`,
      {
        authority: args.authority,
        namespace: args.namespace,
        dnsNames: serviceHosts(name, args.namespace, slot?.rollout),
      },
      parent,
    );
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    const access = args.repository.access(args.models);
    const grant = access.grant?.(
      `${name}-models`,
      { namespace: args.namespace, name: nameAfter(account, name) },
      parent,
    );
    // Models of a GPU lie in its own memory.
    const modelBytes = settings.gpus > 0 ? 0 : settings.modelBytes;
    const { shadow } = slot ?? {};
    const telemetry = args.telemetry && serverTelemetry(name, args.telemetry);
    const keys = createModelKeys(name, metadata, args.models, args.repository, parent);
    const payloads = settings.payloadLog && createPayloadLog(name, metadata, settings.payloadLog, parent);
    const environment = {
      ...serverEnvironment({ ...settings, modelBytes }),
      ...keys?.environment,
      ...shadow?.environment,
      ...telemetry?.environment,
      ...payloads?.environment,
    };
    const configMapName = createOptions(name, metadata, environment, parent);
    const networkPolicy = new NetworkPolicy(
      `${name}-flows`,
      {
        metadata,
        spec: serverPolicy({
          service: name,
          gateways: args.gateways ?? [],
          scrapers,
          registries: access.registries,
          egress: [shadow, telemetry, payloads].flatMap((part) => part?.egress ?? []),
        }),
      },
      parent,
    );
    const customTimeouts = rolloutTimeouts(settings, settings.maxReplicas);
    // The policy first: its absence would leave the first pod open to everyone.
    const dependsOn = [networkPolicy, ...(grant ? [grant] : []), ...args.repository.uploadsOf(args.models)];
    this.deployment = new Deployment(
      `${name}-deployment`,
      {
        // An autoscaler that chose the number of pods still owns it when the last one is to go.
        metadata: isCold ? { ...metadata, annotations: { "pulumi.com/patchForce": "true" } } : metadata,
        spec: deploymentSpec({
          ...settings,
          podLabels: { ...settings.podLabels, ...marks },
          ...(flaggerTarget ? { selector: targetSelector(name) } : {}),
          service: name,
          image,
          models: args.models,
          access,
          keys,
          replicas: isCold ? 0 : firstReplicas(settings, slot !== undefined),
          serviceAccountName: nameAfter(account, name),
          configMapName,
          tlsSecretName: certificate.secretName,
          volumes: [
            ...(shadow ? [shadow.volume] : []),
            ...(telemetry?.volumes ?? []),
            ...(payloads?.volumes ?? []),
          ],
        }),
      },
      {
        parent: this,
        dependsOn,
        customTimeouts,
        ...(flaggerTarget || (ownsReplicas(settings) && !slot) ? OWNED_BY_AUTOSCALER : {}),
      },
    );
    // A Service without endpoints counts as one that failed, which asleep it has not. Nor may one that gets no requests hold up
    // routes, which lead to it too: the way back would wait for what is broken.
    const isAwaited = !this.scalesToZero && (!slot || slot.traffic === "weighted");
    // It waits for endpoints as long as the Deployment for pods, and so from the same moment.
    const service = flaggerTarget
      ? undefined
      : createService(name, metadata, isAwaited, { parent: this, dependsOn, customTimeouts });
    new PodDisruptionBudget(
      `${name}-disruption`,
      {
        metadata,
        spec: {
          // Not `minAvailable`, which no drain could ever satisfy where a service has as many pods.
          maxUnavailable: 1,
          selector: { matchLabels: selectorLabels(name) },
          // A pod that never gets ready would otherwise keep its node from being drained.
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      parent,
    );
    const deployment = nameAfter(this.deployment, name);
    if (!isCold) createAutoscaler(name, metadata, deployment, settings, parent);
    if (settings.recommendResources) createRecommender(name, metadata, deployment, parent);
    if (scrapers.length > 0) createServiceMonitor(name, monitorMetadata(metadata, scrapers), parent);
    // A slot answers for its rollout, which has rules of its own.
    if (scrapers.length > 0 && !slot && !flaggerTarget)
      createServiceAlerts(
        name,
        {
          namespace: args.namespace,
          servers: [name],
          minimums: { [name]: settings.replicas },
          mayWait: this.scalesToZero,
          objectives: settings.objectives,
          runbookBaseUrl: args.runbookBaseUrl,
          ruleLabels: monitorLabels(scrapers),
        },
        { parent: this, dependsOn: [this.deployment] },
      );

    this.serviceName = nameAfter(service ?? this.deployment, name);
    this.ready = pulumi.all([service?.urn, this.deployment.urn]);
    this.namespace = pulumi.output(args.namespace);
    this.hostName = pulumi.interpolate`${name}.${args.namespace}.svc`;
    this.models = args.models;
    this.registerOutputs({
      serviceName: this.serviceName,
      namespace: this.namespace,
      hostName: this.hostName,
    });
  }
}

interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
}

function createService(
  name: string,
  metadata: Metadata,
  isAwaited: boolean,
  opts: pulumi.CustomResourceOptions,
): Service {
  return new Service(
    `${name}-service`,
    {
      metadata: isAwaited ? metadata : { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        selector: selectorLabels(name),
        ports: [
          { name: "http", port: HTTP_PORT, targetPort: "http", protocol: "TCP" },
          { name: "grpc", port: GRPC_PORT, targetPort: "grpc", protocol: "TCP" },
          { name: "metrics", port: METRICS_PORT, targetPort: "metrics", protocol: "TCP" },
        ],
      },
    },
    opts,
  );
}

function createServiceMonitor(name: string, metadata: Metadata, opts: pulumi.CustomResourceOptions): void {
  const spec = {
    selector: { matchLabels: selectorLabels(name) },
    endpoints: [{ port: "metrics", path: METRICS_PATH, scheme: "http", interval: "15s" }],
  };
  new CustomResource(
    `${name}-monitor`,
    { apiVersion: "monitoring.coreos.com/v1", kind: "ServiceMonitor", metadata, spec },
    opts,
  );
}

/** Every name under which the Service can be reached inside the cluster, and that which all slots of a rollout answer to. */
function serviceHosts(
  name: string,
  namespace: pulumi.Input<string>,
  rollout: string | undefined,
): pulumi.Output<string[]> {
  return pulumi
    .output(namespace)
    .apply((ns) => [
      `${name}.${ns}.svc`,
      `${name}.${ns}.svc.cluster.local`,
      `${name}.${ns}`,
      name,
      ...(rollout === undefined ? [] : [`${rollout}.${ns}.svc`]),
    ]);
}

function requireDigest(image: string): string {
  const problem = imageProblem(image);
  if (problem) throw new pulumi.InputPropertyError({ propertyPath: "image", reason: problem });
  return image;
}
