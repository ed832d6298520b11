import * as pulumi from "@pulumi/pulumi";
import { Problems } from "../internal/validation";
import { ModelRepository, validateRepository } from "../model/model-repository";
import { QueueWorker as Worker } from "../serving/queue-worker";
import { resolveQueueWorker } from "../serving/queue-worker-resolve";
import type { KafkaQueues, QueueWorkerSettings, RabbitMqQueues } from "../serving/queue-worker-settings";
import { CertificateAuthority } from "../traffic/certificate-authority";
import type { Pods } from "./gateway";
import type { ModelVersion, PodSettings, RegistrySettings } from "./service";
import { podSettingsOf } from "./settings";

/** Who the worker is to the broker: the name of a Secret, or what one is made of. */
export interface BrokerCredentials {
  /** A Secret in the worker's namespace with the keys `username` and `password`. */
  readonly secretName?: pulumi.Input<string>;
  /** User name, with `password`. */
  readonly username?: pulumi.Input<string>;
  /** Password of `username`; kept as a secret. */
  readonly password?: pulumi.Input<string>;
}

/** Where requests come from, and where results and dead letters go. */
export interface Queue {
  /** `kafka` or `rabbitmq`. */
  readonly kind: string;
  /** Brokers as `host:port`. */
  readonly brokers: string[];
  /** Topic or queue of the requests. It must exist, as must the others. */
  readonly requests: string;
  /** Topic or queue that results are published to. */
  readonly results: string;
  /** Topic or queue of the messages that cannot be answered. Default: `requests`, and "-dead-letters" after it. */
  readonly deadLetters?: string;
  /** Consumer group, of Kafka alone. Default: the worker's name. */
  readonly group?: string;
  /** How Kafka is given the credentials: `plain`, `scram-sha-256` or `scram-sha-512`. Default: "scram-sha-512". */
  readonly mechanism?: string;
  /** Virtual host, of RabbitMQ alone. Default: "/". */
  readonly virtualHost?: string;
  /** Who the worker is. Default: the holder of its certificate, if there is one. */
  readonly credentials?: BrokerCredentials;
  /** Certificate authority that signed the brokers' certificates, PEM. Default: the public authorities. */
  readonly ca?: pulumi.Input<string>;
  /** Name of a Secret of type `kubernetes.io/tls` with the certificate that the worker shows to the brokers. */
  readonly certificateSecret?: pulumi.Input<string>;
  /** Whether the connection may do without TLS; no credentials may be given then. Default: false. */
  readonly plaintext?: boolean;
}

/** Inputs of a QueueWorker. Times in seconds. */
export interface QueueWorkerArgs extends PodSettings, RegistrySettings {
  /** Namespace of every object. */
  readonly namespace: pulumi.Input<string>;
  /** The server's image, with a digest. */
  readonly image: pulumi.Input<string>;
  /** The models to serve; at least one. */
  readonly models: ModelVersion[];
  /** Where requests come from, and where results and dead letters go. */
  readonly queue: Queue;
  /** Pods that may read metrics (port 8002). Where there is one, a ServiceMonitor is made. Default: []. */
  readonly scrapers?: Pods[];
  /** Pods at least; 0 lets the worker sleep while nothing waits, which takes KEDA. Default: 1. */
  readonly replicas?: number;
  /** Pods at most; more than `replicas` lets KEDA choose. Default: `replicas`, at least 1. */
  readonly maxReplicas?: number;
  /** Messages that wait for which there is to be a pod. Default: 100. */
  readonly lagPerReplica?: number;
  /** Messages that may wait without waking a worker that sleeps. Default: 0. */
  readonly activationLag?: number;
  /** Time without messages after which a worker goes to sleep. Default: 300. */
  readonly cooldown?: number;
  /** Time for which fewer pods must have been enough before there are fewer. Default: 120. */
  readonly scaleDownDelay?: number;
  /** Messages that a pod handles at a time. Default: 16. */
  readonly maxInFlight?: number;
  /** Times that a message is tried whose failure may pass. Default: 8. */
  readonly maxAttempts?: number;
  /** Model of messages without the header `slipway-model`. Default: the one model, where there is only one. */
  readonly defaultModel?: string;
  /** Time after the end is asked for at which a pod ends even if messages are in flight. Default: 55. */
  readonly drainTimeout?: number;
  /** Pods of the brokers, where they run in the cluster. Default: []. */
  readonly brokerPods?: Pods[];
  /** IPv4 ranges of the brokers, where they run elsewhere. Default: []. */
  readonly brokerCidrs?: string[];
}

/** A server of models that is fed from Kafka or RabbitMQ: every request is answered at least once, or becomes a dead letter. */
export class QueueWorker extends pulumi.ComponentResource {
  /** Namespace of the worker. */
  readonly namespace: pulumi.Output<string>;
  /** Topic or queue with the messages that could not be answered. */
  readonly deadLetters: pulumi.Output<string>;

  constructor(name: string, args: QueueWorkerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:QueueWorker", name, {}, opts);
    const { namespace, image, models, insecureRegistries, registryCidrs, scrapers = [] } = args;
    const settings = workerSettings(args);
    const queue = queueOf(args.queue);
    const stored = { models, insecureRegistries, registryCidrs };
    const problems = new Problems("QueueWorker", name);
    problems.absorb("", () => validateRepository(name, stored));
    problems.absorb("", () =>
      resolveQueueWorker(name, { ...settings, image, models, queue, repository: { models } }),
    );
    problems.throwIfAny();

    const parent = { parent: this };
    const authority = new CertificateAuthority(`${name}-authority`, {}, parent);
    const repository = new ModelRepository(`${name}-models`, stored, parent);
    const worker = new Worker(
      name,
      { ...settings, namespace, image, models, queue, repository, authority, scrapers },
      parent,
    );
    this.namespace = worker.namespace;
    this.deadLetters = worker.deadLetters;
    this.registerOutputs({ namespace: this.namespace, deadLetters: this.deadLetters });
  }
}

/** A schema has no unions; the component tells which fields belong together. */
function queueOf({ credentials, ...queue }: Queue): KafkaQueues | RabbitMqQueues {
  const given = Object.entries(credentials ?? {}).filter(([, value]) => value !== undefined);
  return {
    ...queue,
    ...(given.length === 0 ? {} : { credentials: Object.fromEntries(given) }),
  } as unknown as KafkaQueues | RabbitMqQueues;
}

/** The settings of a worker among its other inputs. */
export function workerSettings(args: QueueWorkerArgs): QueueWorkerSettings {
  return {
    ...podSettingsOf(args),
    replicas: args.replicas,
    maxReplicas: args.maxReplicas,
    lagPerReplica: args.lagPerReplica,
    activationLag: args.activationLag,
    cooldown: args.cooldown,
    scaleDownDelay: args.scaleDownDelay,
    maxInFlight: args.maxInFlight,
    maxAttempts: args.maxAttempts,
    defaultModel: args.defaultModel,
    drainTimeout: args.drainTimeout,
    brokerPods: args.brokerPods,
    brokerCidrs: args.brokerCidrs,
  };
}
