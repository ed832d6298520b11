import type { Peer } from "../internal/network-policy";

/** A sample of requests and answers that is kept, in a topic of Kafka or in a bucket of S3. */
export interface PayloadLog {
  /** `kafka://HOST:PORT[,HOST:PORT…]/TOPIC` or `s3://BUCKET[/PREFIX]`. How long entries are kept is the topic's or the bucket's to say. */
  readonly target: string;
  /**
   * Share of requests that is kept, more than 0 and at most 1.
   * @default 0.01
   */
  readonly sampleRatio?: number;
  /**
   * Tensors whose values stay out, "*" for all; "features[2]" for the values at index 2 of the last dimension alone.
   * @default []
   */
  readonly redact?: readonly string[];
  /**
   * Values of a tensor that are kept, from its beginning, 0 to 65536.
   * @default 16
   */
  readonly maxElements?: number;
  /**
   * Whether texts are kept, which may be anything that people wrote.
   * @default false
   */
  readonly text?: boolean;
  /**
   * Name of a Secret in the service's namespace: of Kafka with the keys `username` and `password`, of S3 with `access-key-id` and
   * `secret-access-key`. S3 needs one. The pods read it again when it changes.
   * @default none
   */
  readonly credentialsSecret?: string;
  /**
   * How Kafka is given the credentials.
   * @default "scram-sha-512" where there are credentials
   */
  readonly mechanism?: "plain" | "scram-sha-256" | "scram-sha-512";
  /**
   * Certificate authority of the brokers or of the store, PEM.
   * @default the public authorities
   */
  readonly ca?: string;
  /**
   * Whether the connection may do without TLS: payloads can then be read on their way. Kafka takes no credentials so.
   * @default false
   */
  readonly plaintext?: boolean;
  /**
   * Address of a store of S3's kind other than AWS, as in "https://minio.storage.svc:9000".
   * @default AWS
   */
  readonly endpoint?: string;
  /**
   * Region of the bucket; needed on AWS.
   * @default none
   */
  readonly region?: string;
  /**
   * Encryption that the store is asked for, of each object.
   * @default "none": as the bucket has it
   */
  readonly encryption?: "none" | "AES256" | "aws:kms";
  /**
   * Id or ARN of the KMS key, with "aws:kms".
   * @default the account's `aws/s3`
   */
  readonly kmsKey?: string;
  /**
   * Seconds after which an object is stored that has not grown to 4 MiB, 1 to 3600.
   * @default 60
   */
  readonly flushInterval?: number;
  /**
   * Pods of the brokers or of the store, where they run in the cluster, at the port of the address.
   * @default []
   */
  readonly pods?: readonly Peer[];
  /**
   * IPv4 ranges of the brokers or of the store, where they run elsewhere.
   * @default [] , and of S3 on AWS any address but link-local ones
   */
  readonly cidrs?: readonly string[];
}

/** Defaults; a test ties each to its `@default` above. */
export const PAYLOAD_LOG_DEFAULTS = {
  sampleRatio: 0.01,
  redact: [] as readonly string[],
  maxElements: 16,
  text: false,
  plaintext: false,
  flushInterval: 60,
  pods: [] as readonly Peer[],
} as const;

/** Where a payload log goes, read from its `target`. */
export type PayloadLogTarget =
  | { readonly kind: "kafka"; readonly ports: readonly number[] }
  | { readonly kind: "s3"; readonly ports: readonly number[] };

/** Undefined where `target` or `endpoint` is of no form that there is. */
export function payloadLogTarget({ target, endpoint }: PayloadLog): PayloadLogTarget | undefined {
  const kafka =
    /^kafka:\/\/([a-zA-Z0-9.-]+:\d{1,5}(?:,[a-zA-Z0-9.-]+:\d{1,5})*)\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$/.exec(
      target,
    );
  if (kafka) {
    const ports = kafka[1]!.split(",").map((broker) => Number(broker.split(":")[1]));
    return ports.every((port) => port >= 1 && port <= 65535)
      ? { kind: "kafka", ports: [...new Set(ports)] }
      : undefined;
  }
  if (!/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[A-Za-z0-9!_*'()=.-]+){0,20}\/?$/.test(target))
    return undefined;
  if (/\/\.{1,2}(\/|$)/.test(target.slice("s3://".length)) || target.length > 512) return undefined;
  if (endpoint === undefined) return { kind: "s3", ports: [443] };
  const url = endpointOf(endpoint);
  if (url === undefined) return undefined;
  const port = url.port === "" ? (url.protocol === "http:" ? 80 : 443) : Number(url.port);
  return { kind: "s3", ports: [port] };
}

/** The address of a store; undefined where it is none. */
export function endpointOf(endpoint: string): URL | undefined {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  const isOrigin =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === "/" &&
    `${url.search}${url.hash}${url.username}${url.password}` === "";
  return isOrigin ? url : undefined;
}
