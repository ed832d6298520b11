import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, Secret, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import { METRICS_PATH, METRICS_PORT } from "../../runtime/contract";
import { deploymentSpec, rolloutTimeouts } from "../internal/deployment";
import { selectorLabels, serviceLabels } from "../internal/labels";
import { createModelKeys } from "../internal/model-keys";
import { monitorMetadata } from "../internal/monitor-labels";
import { nameAfter } from "../internal/name-after";
import { createOptions } from "../internal/options-config";
import type { Peer } from "../internal/network-policy";
import { createPayloadLog } from "../internal/payload-log";
import { BROKER_FILES, queueEnvironment, type WorkerQueues } from "../internal/queue-environment";
import { workerPolicy } from "../internal/queue-flows";
import {
  BROKER_SETTINGS,
  workerScaledObject,
  workerTriggerAuthentication,
  type WorkerScale,
} from "../internal/queue-scaling";
import { brokerVolumes, type BrokerAccess } from "../internal/queue-volume";
import { imageProblem } from "../internal/references";
import { serverEnvironment } from "../internal/server-options";
import type { ModelReference, ModelRepository } from "../model/model-repository";
import type { CertificateAuthority } from "../traffic/certificate-authority";
import { ServerCertificate } from "../traffic/server-certificate";
import { resolveQueueWorker } from "./queue-worker-resolve";
import type { KafkaQueues, QueueWorkerSettings, RabbitMqQueues } from "./queue-worker-settings";
import { OWNED_BY_AUTOSCALER, createRecommender, firstReplicas } from "./service-autoscaler";
import { warnOfFullPool } from "./service-warnings";

/** Inputs of a QueueWorker; the settings of QueueWorkerSettings have defaults of their own. */
export interface QueueWorkerArgs extends QueueWorkerSettings {
  /** Namespace of every object. It should enforce the `restricted` pod security standard: the pods meet it. */
  readonly namespace: pulumi.Input<string>;
  /** The server's image, with a digest. */
  readonly image: pulumi.Input<string>;
  /** Where the models come from. */
  readonly repository: ModelRepository;
  /** The models to serve; each must be in the repository. */
  readonly models: readonly ModelReference[];
  /** Who signs the certificate of the server, which the kubelet probes. */
  readonly authority: CertificateAuthority;
  /** Where requests come from, and where results and dead letters go. */
  readonly queue: KafkaQueues | RabbitMqQueues;
  /**
   * Pods that may read metrics (port 8002). Where there is one, a Service and a ServiceMonitor are made.
   * @default []
   */
  readonly scrapers?: readonly Peer[];
}

/**
 * A server of one or more models that is fed from a queue instead of over the network: it takes V2 requests from Kafka or
 * RabbitMQ and publishes V2 responses. Every request is answered at least once, under a key that is the same each time;
 * what cannot be answered becomes a dead letter. Its pods take no requests from anybody, and connect to the brokers only.
 *
 * @example
 * const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
 * const source = `oci://registry.example.com/models/ocr@${digest}`;
 * const models = [{ name: "ocr", version: "4", source, sha256: digest.slice("sha256:".length) }];
 * const worker = new QueueWorker("pages", {
 *   namespace: "models",
 *   image: `registry.example.com/slipway/runtime@${digest}`,
 *   repository: new ModelRepository("models", { models }),
 *   models,
 *   authority: new CertificateAuthority("authority"),
 *   queue: {
 *     kind: "kafka",
 *     brokers: ["kafka.example.com:9093"],
 *     requests: "pages",
 *     results: "texts",
 *     credentials: { secretName: "pages-kafka" },
 *   },
 *   brokerCidrs: ["10.20.0.0/16"],
 *   // Asleep while nothing waits; a pod for every 50 pages that do, and as many as there are partitions at most.
 *   replicas: 0,
 *   maxReplicas: 12,
 *   lagPerReplica: 50,
 * });
 * export const deadLetters = worker.deadLetters;
 */
export class QueueWorker extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;
  readonly models: readonly ModelReference[];
  readonly deployment: Deployment;
  /** Name of the topic or queue with the messages that could not be answered. */
  readonly deadLetters: pulumi.Output<string>;
  /** Whether there may be no pod at all, while nothing waits. */
  readonly scalesToZero: boolean;

  constructor(name: string, args: QueueWorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:QueueWorker", name, {}, opts);
    const { pods, worker } = resolveQueueWorker(name, args);
    const queues = resolveQueues(name, args.queue);
    const scrapers = args.scrapers ?? [];
    const scales = worker.maxReplicas > worker.replicas;
    if (pods.blocksUpdates) warnOfFullPool(name, this);
    this.scalesToZero = worker.replicas === 0;
    const parent = { parent: this };
    const metadata = { name, namespace: args.namespace, labels: serviceLabels(name) };
    const image = pulumi.output(args.image).apply(requireDigest);

    const certificate = new ServerCertificate(
      `${name}-tls`,
      { authority: args.authority, namespace: args.namespace, dnsNames: [name] },
      parent,
    );
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    const repositoryAccess = args.repository.access(args.models);
    const grant = repositoryAccess.grant?.(
      `${name}-models`,
      { namespace: args.namespace, name: nameAfter(account, name) },
      parent,
    );
    const [access, settings] = createBrokerAccess(name, metadata, args.queue, parent);
    const keys = createModelKeys(name, metadata, args.models, args.repository, parent);
    const payloads = pods.payloadLog && createPayloadLog(name, metadata, pods.payloadLog, parent);
    const environment = {
      // Models of a GPU lie in its own memory.
      ...serverEnvironment({ ...pods, modelBytes: pods.gpus > 0 ? 0 : pods.modelBytes }),
      ...keys?.environment,
      ...queueEnvironment(queues, worker),
      ...payloads?.environment,
    };
    const configMapName = createOptions(name, metadata, environment, parent);
    const networkPolicy = new NetworkPolicy(
      `${name}-flows`,
      {
        metadata,
        spec: workerPolicy({
          worker: name,
          scrapers,
          registries: repositoryAccess.registries,
          brokers: queues.brokers,
          egress: payloads && [payloads.egress],
          ...worker,
        }),
      },
      parent,
    );
    this.deployment = new Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: deploymentSpec({
          ...pods,
          service: name,
          image,
          models: args.models,
          access: repositoryAccess,
          keys,
          replicas: firstReplicas(worker, false),
          serviceAccountName: nameAfter(account, name),
          configMapName,
          tlsSecretName: certificate.secretName,
          command: "consume",
          volumes: [...brokerVolumes(access), ...(payloads?.volumes ?? [])],
        }),
      },
      // The policy first: its absence would leave the first pod open to everyone.
      {
        parent: this,
        dependsOn: [networkPolicy, ...(grant ? [grant] : []), ...args.repository.uploadsOf(args.models)],
        customTimeouts: rolloutTimeouts(pods, worker.maxReplicas),
        ...(scales ? OWNED_BY_AUTOSCALER : {}),
      },
    );
    new PodDisruptionBudget(
      `${name}-disruption`,
      {
        metadata,
        spec: {
          maxUnavailable: 1,
          selector: { matchLabels: selectorLabels(name) },
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      parent,
    );
    const deployment = nameAfter(this.deployment, name);
    if (scales) createScaling(name, metadata, { ...worker, deployment }, queues, access, settings, parent);
    if (pods.recommendResources) createRecommender(name, metadata, deployment, parent);
    if (scrapers.length > 0) createMonitor(name, monitorMetadata(metadata, scrapers), parent);

    this.namespace = pulumi.output(args.namespace);
    this.models = args.models;
    this.deadLetters = nameAfter(this.deployment, queues.deadLetters);
    this.registerOutputs({ namespace: this.namespace, deadLetters: this.deadLetters });
  }
}

interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
}

function resolveQueues(name: string, queue: KafkaQueues | RabbitMqQueues): WorkerQueues {
  const isKafka = queue.kind === "kafka";
  return {
    kind: queue.kind,
    brokers: queue.brokers,
    requests: queue.requests,
    results: queue.results,
    deadLetters: queue.deadLetters ?? `${queue.requests}-dead-letters`,
    group: (isKafka ? queue.group : undefined) ?? name,
    virtualHost: (isKafka ? undefined : queue.virtualHost) ?? "/",
    tls: queue.plaintext !== true,
    mechanism: mechanismOf(queue),
    hasCa: queue.ca !== undefined,
    hasCertificate: queue.certificateSecret !== undefined,
  };
}

function mechanismOf(queue: KafkaQueues | RabbitMqQueues): WorkerQueues["mechanism"] {
  if (queue.credentials === undefined) return undefined;
  return queue.kind === "kafka" ? (queue.mechanism ?? "scram-sha-512") : "plain";
}

/** What the worker shows to the brokers and checks them by; besides, the ConfigMap that tells KEDA how to connect. */
function createBrokerAccess(
  name: string,
  metadata: Metadata,
  { credentials, ca, certificateSecret, plaintext }: KafkaQueues | RabbitMqQueues,
  opts: pulumi.CustomResourceOptions,
): [BrokerAccess, pulumi.Input<string>] {
  const brokerName = `${name}-broker`;
  const settings = new ConfigMap(
    `${name}-broker-settings`,
    {
      metadata: { ...metadata, name: brokerName },
      data: {
        [BROKER_SETTINGS.tls]: plaintext ? "disable" : "enable",
        ...(ca === undefined ? {} : { [BROKER_FILES.ca]: ca }),
      },
    },
    opts,
  );
  const settingsName = nameAfter(settings, brokerName);
  const caConfigMap = ca === undefined ? undefined : settingsName;
  if (credentials === undefined) return [{ caConfigMap, certificateSecret }, settingsName];
  if ("secretName" in credentials) {
    return [{ credentialsSecret: credentials.secretName, caConfigMap, certificateSecret }, settingsName];
  }
  const { username, password } = credentials;
  const secret = new Secret(
    `${name}-broker-credentials`,
    {
      metadata: { ...metadata, name: brokerName },
      stringData: { username: pulumi.secret(username), password: pulumi.secret(password) },
    },
    opts,
  );
  return [{ credentialsSecret: nameAfter(secret, brokerName), caConfigMap, certificateSecret }, settingsName];
}

function createScaling(
  name: string,
  metadata: Metadata,
  scale: WorkerScale,
  queues: WorkerQueues,
  access: BrokerAccess,
  settings: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  const apiVersion = "keda.sh/v1alpha1";
  const authentication = new CustomResource(
    `${name}-scaling-access`,
    {
      apiVersion,
      kind: "TriggerAuthentication",
      metadata,
      spec: workerTriggerAuthentication(access, settings),
    },
    opts,
  );
  const spec = workerScaledObject(scale, queues, name);
  new CustomResource(
    `${name}-scaled-object`,
    { apiVersion, kind: "ScaledObject", metadata, spec },
    { ...opts, dependsOn: [authentication] },
  );
}

/** A Service without an address of its own: nothing but Prometheus looks for the pods by it. */
function createMonitor(name: string, metadata: Metadata, opts: pulumi.CustomResourceOptions): void {
  new Service(
    `${name}-metrics`,
    {
      // Asleep it has no endpoints, and counts as one that failed.
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        clusterIP: "None",
        selector: selectorLabels(name),
        ports: [{ name: "metrics", port: METRICS_PORT, targetPort: "metrics", protocol: "TCP" }],
      },
    },
    opts,
  );
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

function requireDigest(image: string): string {
  const problem = imageProblem(image);
  if (problem) throw new pulumi.InputPropertyError({ propertyPath: "image", reason: problem });
  return image;
}
