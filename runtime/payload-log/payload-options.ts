import { BROKER_AUTHS, checkBrokerAccess, type BrokerAccess } from "../consumer/broker-access";
import { flagOf, UsageError, type OptionSpec } from "../option-table";
import { isHttpOrigin, isLoopback, payloadTarget, type PayloadTarget } from "./payload-target";

/** Options of the payload log. */
export interface PayloadOptions {
  readonly payloadLog?: string;
  readonly payloadSampleRatio: number;
  readonly payloadRedact: readonly string[];
  readonly payloadMaxElements: number;
  readonly payloadText: boolean;
  readonly payloadLogMaxBytes: number;
  readonly payloadLogFiles: number;
  readonly payloadRetention: number;
  readonly payloadFlushBytes: number;
  readonly payloadFlushInterval: number;
  readonly payloadBrokerTls: boolean;
  readonly payloadBrokerCa?: string;
  readonly payloadBrokerCert?: string;
  readonly payloadBrokerKey?: string;
  readonly payloadBrokerAuth: BrokerAccess["brokerAuth"];
  readonly payloadBrokerUsernameFile?: string;
  readonly payloadBrokerPasswordFile?: string;
  readonly payloadS3Endpoint?: string;
  readonly payloadS3Region?: string;
  readonly payloadS3AccessKeyFile?: string;
  readonly payloadS3SecretKeyFile?: string;
  readonly payloadS3Encryption: "none" | "AES256" | "aws:kms";
  readonly payloadS3KmsKey?: string;
  readonly payloadS3Insecure: boolean;
}

export const PAYLOAD_OPTIONS = {
  payloadLog: {
    type: "text",
    optional: true,
    doc: "where sampled requests and answers go, as JSON lines: a file, `otlp` for log records at `--otlp-endpoint`, `kafka://HOST:PORT[,HOST:PORT…]/TOPIC` or `s3://BUCKET[/PREFIX]`",
  },
  payloadSampleRatio: {
    type: "number",
    default: 0.01,
    most: 1,
    doc: "share of requests that the payload log takes",
  },
  payloadRedact: {
    type: "list",
    default: [],
    doc: "tensors whose values the payload log leaves out, `*` for all; `features[2]` leaves out the values at index 2 of the last dimension alone",
  },
  payloadMaxElements: {
    type: "integer",
    default: 16,
    most: 65536,
    doc: "values of a tensor that the payload log holds, from its beginning",
  },
  payloadText: {
    type: "boolean",
    default: false,
    doc: "the payload log holds values of BYTES tensors too, which may be anything that people wrote",
  },
  payloadLogMaxBytes: {
    type: "integer",
    default: 104857600,
    least: 65536,
    doc: "size in bytes at which a payload log that is a file becomes `<file>.1`, and a new one is begun",
  },
  payloadLogFiles: {
    type: "integer",
    default: 1,
    least: 1,
    most: 100,
    doc: "full files of the payload log that are kept, `<file>.1` the newest of them",
  },
  payloadRetention: {
    type: "seconds",
    default: 0,
    most: 315_360_000,
    doc: "time after which an entry of a payload log that is a file is deleted at the latest, with the file that it is in; at least 60, 0 for no limit. What a bucket or a topic keeps is its own to say",
  },
  payloadFlushBytes: {
    type: "integer",
    default: 4_194_304,
    least: 1024,
    most: 8_388_608,
    doc: "`s3://`: characters of entries at which an object is stored, before it is compressed",
  },
  payloadFlushInterval: {
    type: "seconds",
    default: 60,
    least: 0.1,
    most: 3600,
    doc: "`s3://`: time after which an object with fewer entries is stored",
  },
  payloadBrokerTls: {
    type: "boolean",
    default: true,
    doc: "`kafka://`: connect over TLS 1.2 or newer, with the broker's certificate verified",
  },
  payloadBrokerCa: {
    type: "path",
    optional: true,
    doc: "authority (PEM) that signed the broker's certificate; left out, the public ones",
  },
  payloadBrokerCert: { type: "path", optional: true, doc: "client certificate (PEM) for the broker" },
  payloadBrokerKey: { type: "path", optional: true, doc: "its private key (PEM)" },
  payloadBrokerAuth: {
    type: "choice",
    values: BROKER_AUTHS,
    default: "none",
    doc: "how the server tells the broker who it is",
  },
  payloadBrokerUsernameFile: {
    type: "path",
    optional: true,
    doc: "file with the user's name; left out, the variable SLIPWAY_PAYLOAD_BROKER_USERNAME has it",
  },
  payloadBrokerPasswordFile: {
    type: "path",
    optional: true,
    doc: "file with the password, never an argument; left out, the variable SLIPWAY_PAYLOAD_BROKER_PASSWORD has it",
  },
  payloadS3Endpoint: {
    type: "text",
    optional: true,
    doc: "`s3://`: address of a store other than AWS, `https://host[:port]`; the bucket is then part of the path",
  },
  payloadS3Region: {
    type: "text",
    optional: true,
    doc: "`s3://`: region of the bucket; left out, what the AWS SDK finds in its environment and files",
  },
  payloadS3AccessKeyFile: {
    type: "path",
    optional: true,
    doc: "`s3://`: file with the access key's id; left out, the AWS SDK looks for credentials in its environment, files and the pod's identity",
  },
  payloadS3SecretKeyFile: { type: "path", optional: true, doc: "file with the secret access key" },
  payloadS3Encryption: {
    type: "choice",
    values: ["none", "AES256", "aws:kms"],
    default: "none",
    doc: "`s3://`: encryption that is asked of the store for each object; with none, the bucket's own default holds",
  },
  payloadS3KmsKey: {
    type: "text",
    optional: true,
    doc: "id or ARN of the KMS key with `--payload-s3-encryption aws:kms`; left out, the account's `aws/s3`",
  },
  payloadS3Insecure: {
    type: "boolean",
    default: false,
    doc: "allow an `--payload-s3-endpoint` with http:// that is not this machine: payloads can be read on their way",
  },
} as const satisfies Record<keyof PayloadOptions, OptionSpec>;

type Kind = PayloadTarget["kind"];

/** Of what kind of log an option speaks that is not about every kind. */
const ABOUT: Readonly<Partial<Record<keyof PayloadOptions, Kind>>> = {
  payloadLogMaxBytes: "file",
  payloadLogFiles: "file",
  payloadRetention: "file",
  payloadFlushBytes: "s3",
  payloadFlushInterval: "s3",
};

function kindOf(option: keyof PayloadOptions): Kind | undefined {
  if (option.startsWith("payloadBroker")) return "kafka";
  return option.startsWith("payloadS3") ? "s3" : ABOUT[option];
}

/** Who has to delete entries where the server does not. */
const KEEPER: Partial<Record<Kind, string>> = {
  otlp: "the receiver's",
  kafka: "the topic's own (`retention.ms`, `retention.bytes`)",
  s3: "the bucket's lifecycle rules'",
};

const FORM: Partial<Record<Kind, string>> = {
  file: "a file",
  kafka: "`kafka://…`",
  s3: "`s3://…`",
};

/** @throws UsageError where the log could not be kept, or an option would silently do nothing */
export function checkPayloadLog(options: PayloadOptions): void {
  const { payloadLog, payloadRetention } = options;
  if (payloadLog === undefined) return;
  const target = payloadTarget(payloadLog);
  for (const option of Object.keys(PAYLOAD_OPTIONS) as (keyof PayloadOptions)[]) {
    const kind = kindOf(option);
    const spec: OptionSpec = PAYLOAD_OPTIONS[option];
    if (kind === undefined || kind === target.kind || options[option] === spec.default) continue;
    const keeper = kind === "file" ? KEEPER[target.kind] : undefined;
    throw new UsageError(
      keeper === undefined
        ? `\`${flagOf(option)}\` needs a \`--payload-log\` (${payloadLog}) that is ${FORM[kind]}.`
        : `\`${flagOf(option)}\` (${String(options[option])}) is about a file; how long entries are kept at \`--payload-log\` (${payloadLog}) is ${keeper} matter.`,
    );
  }
  if (payloadRetention > 0 && payloadRetention < 60) {
    throw new UsageError(
      `\`--payload-retention\` (${payloadRetention}) must be at least 60 seconds, or 0 for no limit.`,
    );
  }
  if (target.kind === "kafka") checkBroker(options);
  if (target.kind === "s3") checkStore(options);
}

function checkBroker({
  payloadBrokerCert,
  payloadBrokerKey,
  payloadBrokerCa,
  payloadBrokerTls,
  ...rest
}: PayloadOptions): void {
  if ((payloadBrokerCert === undefined) !== (payloadBrokerKey === undefined)) {
    throw new UsageError("`--payload-broker-cert` and `--payload-broker-key` must be given together.");
  }
  if (!payloadBrokerTls && (payloadBrokerCa ?? payloadBrokerCert) !== undefined) {
    throw new UsageError(
      "`--payload-broker-ca` and `--payload-broker-cert` are of no use with `--payload-broker-tls false`.",
    );
  }
  checkBrokerAccess(
    payloadBroker({ ...rest, payloadBrokerCert, payloadBrokerKey, payloadBrokerCa, payloadBrokerTls }),
    "--payload-broker",
  );
}

function checkStore(options: PayloadOptions): void {
  const { payloadS3Endpoint: endpoint, payloadS3Encryption, payloadS3KmsKey, payloadS3Insecure } = options;
  if ((options.payloadS3AccessKeyFile === undefined) !== (options.payloadS3SecretKeyFile === undefined)) {
    throw new UsageError(
      "`--payload-s3-access-key-file` and `--payload-s3-secret-key-file` must be given together.",
    );
  }
  if (payloadS3KmsKey !== undefined && payloadS3Encryption !== "aws:kms") {
    throw new UsageError(
      `\`--payload-s3-kms-key\` (${payloadS3KmsKey}) needs \`--payload-s3-encryption aws:kms\`.`,
    );
  }
  if (endpoint === undefined) return;
  if (!isHttpOrigin(endpoint)) {
    throw new UsageError(`\`--payload-s3-endpoint\` (${endpoint}) must be an address: https://host[:port].`);
  }
  const { protocol, hostname } = new URL(endpoint);
  if (protocol === "http:" && !isLoopback(hostname) && !payloadS3Insecure) {
    throw new UsageError(
      `\`--payload-s3-endpoint\` (${endpoint}) speaks plain HTTP; use https://, or allow it with \`--payload-s3-insecure true\`.`,
    );
  }
}

/** How Kafka is approached. */
export function payloadBroker(options: PayloadOptions): BrokerAccess {
  return {
    brokerTls: options.payloadBrokerTls,
    brokerCa: options.payloadBrokerCa,
    brokerCert: options.payloadBrokerCert,
    brokerKey: options.payloadBrokerKey,
    brokerAuth: options.payloadBrokerAuth,
    brokerUsernameFile: options.payloadBrokerUsernameFile,
    brokerPasswordFile: options.payloadBrokerPasswordFile,
  };
}
