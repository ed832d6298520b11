import type * as pulumi from "@pulumi/pulumi";
import type { Peer } from "../internal/network-policy";
import type { ServiceSettings } from "./service-settings";

/** Who the worker is to the broker; the pods mount it as files. */
export type BrokerCredentials =
  /** A Secret in the worker's namespace with the keys `username` and `password`. */
  | { readonly secretName: pulumi.Input<string> }
  /** What such a Secret is made of; both are kept as secrets in the stack's state. */
  | { readonly username: pulumi.Input<string>; readonly password: pulumi.Input<string> };

/** What queues of either kind have in common. */
export interface BrokerQueues {
  /** Topic or queue of the requests. It must exist, as must the others. */
  readonly requests: string;
  /** Topic or queue that results are published to. */
  readonly results: string;
  /**
   * Topic or queue of the messages that cannot be answered, with the reason in their headers.
   * @default `requests`, and "-dead-letters" after it
   */
  readonly deadLetters?: string;
  /**
   * Certificate authority that signed the brokers' certificates, PEM.
   * @default the public authorities
   */
  readonly ca?: pulumi.Input<string>;
  /**
   * Name of a Secret of type `kubernetes.io/tls` with the certificate that the worker shows to the brokers.
   * @default none
   */
  readonly certificateSecret?: pulumi.Input<string>;
  /**
   * Whether the connection may do without TLS. Messages can then be read and changed on their way, so no credentials may be
   * given: they could be read as well.
   * @default false
   */
  readonly plaintext?: boolean;
}

/** Topics of Kafka. */
export interface KafkaQueues extends BrokerQueues {
  readonly kind: "kafka";
  /** Brokers as `host:port`; one that answers is enough to find the others. */
  readonly brokers: readonly string[];
  /**
   * Consumer group whose members share the partitions.
   * @default the worker's name
   */
  readonly group?: string;
  /**
   * How the credentials are given.
   * @default "scram-sha-512" where there are credentials
   */
  readonly mechanism?: "plain" | "scram-sha-256" | "scram-sha-512";
  /**
   * Who the worker is.
   * @default nobody but the holder of its certificate, if there is one
   */
  readonly credentials?: BrokerCredentials;
}

/** Queues of RabbitMQ. */
export interface RabbitMqQueues extends BrokerQueues {
  readonly kind: "rabbitmq";
  /** Nodes of the broker as `host:port`. */
  readonly brokers: readonly string[];
  /**
   * Virtual host.
   * @default "/"
   */
  readonly virtualHost?: string;
  /**
   * Who the worker is.
   * @default the holder of its certificate (`certificateSecret`)
   */
  readonly credentials?: BrokerCredentials;
}

/** Settings of a worker that have a default; those of InferenceService that are not about requests over the network. Times in seconds. */
export interface QueueWorkerSettings extends Omit<
  ServiceSettings,
  "replicas" | "maxReplicas" | "targetPercent" | "scaling" | "drainDelay" | "drainTimeout"
> {
  /**
   * Pods at least; 0 lets the worker sleep while nothing waits, which takes KEDA.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * Pods at most. More than `replicas` lets KEDA choose the number by what waits; of Kafka no more than there are partitions
   * are of any use.
   * @default `replicas`, at least 1
   */
  readonly maxReplicas?: number;
  /**
   * Messages that wait for which there is to be a pod: twice as many want two.
   * @default 100
   */
  readonly lagPerReplica?: number;
  /**
   * Messages that may wait without waking a worker that sleeps.
   * @default 0
   */
  readonly activationLag?: number;
  /**
   * Time without messages after which a worker goes to sleep.
   * @default 300
   */
  readonly cooldown?: number;
  /**
   * Time for which fewer pods must have been enough before there are fewer.
   * @default 120
   */
  readonly scaleDownDelay?: number;
  /**
   * Messages that a pod handles at a time; no more are taken from the broker.
   * @default 16
   */
  readonly maxInFlight?: number;
  /**
   * Times that a message is tried whose failure may pass, before it becomes a dead letter.
   * @default 8
   */
  readonly maxAttempts?: number;
  /**
   * Model of messages without the header `slipway-model`.
   * @default the one model, where there is only one
   */
  readonly defaultModel?: string;
  /**
   * Time after the end is asked for at which a pod ends even if messages are in flight, which others will then handle.
   * @default 55
   */
  readonly drainTimeout?: number;
  /**
   * Pods of the brokers, where they run in the cluster: the worker may open connections to them and nowhere else.
   * @default []
   */
  readonly brokerPods?: readonly Peer[];
  /**
   * IPv4 ranges of the brokers, where they run elsewhere.
   * @default []
   */
  readonly brokerCidrs?: readonly string[];
}

/** Defaults; a test ties each to its `@default` above. */
export const QUEUE_WORKER_DEFAULTS = {
  replicas: 1,
  lagPerReplica: 100,
  activationLag: 0,
  cooldown: 300,
  scaleDownDelay: 120,
  maxInFlight: 16,
  maxAttempts: 8,
  drainTimeout: 55,
  brokerPods: [],
  brokerCidrs: [],
} as const;

/** The worker's own settings with every default filled in. */
export type FilledQueueWorker = Required<
  Pick<QueueWorkerSettings, keyof typeof QUEUE_WORKER_DEFAULTS | "maxReplicas">
> & { readonly defaultModel?: string };
