import { completeOptions, UsageError, type OptionSpec, type OptionTopics } from "../option-table";
import { BROKER_AUTHS, isBrokerAddress, type BrokerAccess } from "./broker-access";

/** Options of `slipway consume` beside those of the server. */
export interface ConsumerOptions extends BrokerAccess {
  readonly broker: "kafka" | "rabbitmq";
  /** `host:port` each. */
  readonly brokerAddresses: readonly string[];
  readonly requests: string;
  readonly results: string;
  readonly deadLetters: string;
  readonly consumerGroup?: string;
  readonly virtualHost: string;
  readonly defaultModel?: string;
  readonly maxInFlight: number;
  readonly maxAttempts: number;
  readonly retryDelay: number;
  readonly maxRetryDelay: number;
  readonly sessionTimeout: number;
}

export const CONSUMER_OPTIONS = {
  broker: { type: "choice", values: ["kafka", "rabbitmq"], doc: "what the messages come from" },
  brokerAddresses: {
    type: "list",
    doc: "brokers as `host:port`; one that answers is enough to find the others of Kafka",
  },
  requests: { type: "text", doc: "topic or queue of the requests; it must exist" },
  results: { type: "text", doc: "topic or queue that results are published to; it must exist" },
  deadLetters: {
    type: "text",
    doc: "topic or queue of the messages that cannot be answered, with the reason in their headers; it must exist",
  },
  consumerGroup: {
    type: "text",
    optional: true,
    doc: "Kafka: the group whose members share the partitions; required there, and not for RabbitMQ",
  },
  virtualHost: { type: "text", default: "/", doc: "RabbitMQ: the virtual host" },
  defaultModel: {
    type: "text",
    optional: true,
    doc: "model of messages without the header `slipway-model`",
  },
  maxInFlight: {
    type: "integer",
    default: 16,
    least: 1,
    most: 10_000,
    doc: "messages that are handled at a time; no more are taken (RabbitMQ: the prefetch count)",
  },
  maxAttempts: {
    type: "integer",
    default: 8,
    least: 1,
    most: 1000,
    doc: "times that a message is tried whose failure may pass, before it becomes a dead letter",
  },
  retryDelay: {
    type: "seconds",
    default: 0.5,
    least: 0.001,
    most: 3600,
    doc: "time before the second attempt; it doubles each time, and up to half is taken off at random",
  },
  maxRetryDelay: {
    type: "seconds",
    default: 30,
    least: 0.001,
    most: 3600,
    doc: "time between two attempts at most",
  },
  sessionTimeout: {
    type: "seconds",
    default: 30,
    least: 6,
    most: 1800,
    doc: "Kafka: time after which the group takes a member for dead that is not heard of",
  },
  brokerTls: {
    type: "boolean",
    default: true,
    doc: "connect over TLS 1.2 or newer, with the broker's certificate verified",
  },
  brokerCa: {
    type: "path",
    optional: true,
    doc: "authority (PEM) that signed the broker's certificate; left out, the public ones",
  },
  brokerCert: { type: "path", optional: true, doc: "client certificate (PEM) for the broker" },
  brokerKey: { type: "path", optional: true, doc: "its private key (PEM)" },
  brokerAuth: {
    type: "choice",
    values: BROKER_AUTHS,
    default: "none",
    doc: "how the consumer says who it is; RabbitMQ takes plain, or none with a client certificate",
  },
  brokerUsernameFile: {
    type: "path",
    optional: true,
    doc: "file with the user's name; left out, the variable SLIPWAY_BROKER_USERNAME has it",
  },
  brokerPasswordFile: {
    type: "path",
    optional: true,
    doc: "file with the password, never an argument; left out, the variable SLIPWAY_BROKER_PASSWORD has it",
  },
} as const satisfies Record<keyof ConsumerOptions, OptionSpec>;

export const CONSUMER_OPTION_TOPICS: OptionTopics<keyof ConsumerOptions> = {
  Queues: "broker",
  Messages: "defaultModel",
  Broker: "brokerTls",
};

/** Validates, completes and freezes the consumer's options. @throws UsageError */
export function resolveConsumerOptions(given: Partial<ConsumerOptions>): ConsumerOptions {
  const options = completeOptions(CONSUMER_OPTIONS, { ...given }) as unknown as ConsumerOptions;
  const { broker, brokerAddresses, brokerAuth, requests, results, deadLetters } = options;
  if (brokerAddresses.length === 0 || !brokerAddresses.every(isBrokerAddress)) {
    throw new UsageError(
      `\`--broker-addresses\` (${brokerAddresses.join(",")}) must be one or more of the form host:port.`,
    );
  }
  if (new Set([requests, results, deadLetters]).size < 3) {
    throw new UsageError(
      `\`--requests\` (${requests}), \`--results\` (${results}) and \`--dead-letters\` (${deadLetters}) must differ: the consumer would read what it writes.`,
    );
  }
  if (broker === "kafka" && options.consumerGroup === undefined) {
    throw new UsageError("`--consumer-group` must be given where `--broker` is kafka.");
  }
  const byCertificate = brokerAuth === "none" && options.brokerCert !== undefined;
  if (broker === "rabbitmq" && brokerAuth !== "plain" && !byCertificate) {
    throw new UsageError(
      `\`--broker-auth\` (${brokerAuth}) must be plain where \`--broker\` is rabbitmq, or none with a \`--broker-cert\`.`,
    );
  }
  if ((options.brokerCert === undefined) !== (options.brokerKey === undefined)) {
    throw new UsageError("`--broker-cert` and `--broker-key` must be given together.");
  }
  if (!options.brokerTls && (options.brokerCa ?? options.brokerCert) !== undefined) {
    throw new UsageError("`--broker-ca` and `--broker-cert` are of no use with `--broker-tls false`.");
  }
  if (options.maxRetryDelay < options.retryDelay) {
    throw new UsageError(
      `\`--max-retry-delay\` (${options.maxRetryDelay}) must be >= \`--retry-delay\` (${options.retryDelay}).`,
    );
  }
  return options;
}
