import { BROKER_PATH } from "../../runtime/contract";
import { variableOf } from "./server-options";

/** What a worker's queues come to, resolved. */
export interface WorkerQueues {
  readonly kind: "kafka" | "rabbitmq";
  readonly brokers: readonly string[];
  readonly requests: string;
  readonly results: string;
  readonly deadLetters: string;
  /** Kafka only. */
  readonly group: string;
  /** RabbitMQ only. */
  readonly virtualHost: string;
  readonly tls: boolean;
  /** How the credentials are given; undefined where there are none. */
  readonly mechanism: "plain" | "scram-sha-256" | "scram-sha-512" | undefined;
  readonly hasCa: boolean;
  readonly hasCertificate: boolean;
}

/** Files of the volume with what the broker is approached with. */
export const BROKER_FILES = {
  username: "username",
  password: "password",
  ca: "ca.crt",
  certificate: "tls.crt",
  key: "tls.key",
} as const;

const file = (name: keyof typeof BROKER_FILES) => `${BROKER_PATH}/${BROKER_FILES[name]}`;

/** The consumer's part of the environment. Credentials are named by their files, never by their values. */
export function queueEnvironment(
  queues: WorkerQueues,
  worker: { readonly maxInFlight: number; readonly maxAttempts: number; readonly defaultModel?: string },
): Record<string, string> {
  const { kind, brokers, requests, results, deadLetters, group, virtualHost, mechanism } = queues;
  const options: Record<string, string | number | boolean | undefined> = {
    broker: kind,
    brokerAddresses: brokers.join(","),
    requests,
    results,
    deadLetters,
    consumerGroup: kind === "kafka" ? group : undefined,
    virtualHost: kind === "rabbitmq" ? virtualHost : undefined,
    defaultModel: worker.defaultModel,
    maxInFlight: worker.maxInFlight,
    maxAttempts: worker.maxAttempts,
    brokerTls: queues.tls,
    brokerCa: queues.hasCa ? file("ca") : undefined,
    brokerCert: queues.hasCertificate ? file("certificate") : undefined,
    brokerKey: queues.hasCertificate ? file("key") : undefined,
    brokerAuth: mechanism ?? "none",
    brokerUsernameFile: mechanism ? file("username") : undefined,
    brokerPasswordFile: mechanism ? file("password") : undefined,
  };
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, value]) =>
      value === undefined ? [] : [[variableOf(name), String(value)]],
    ),
  );
}
