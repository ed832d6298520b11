import type { PayloadLog } from "../components";
import { checkFields, type Field } from "./fields";

/** Fields of a service's `payloadLog`; which ones go together is checked by the component. */
export const PAYLOAD_LOG_FIELDS = {
  target: {
    type: "text",
    required: true,
    doc: "`kafka://HOST:PORT[,HOST:PORT…]/TOPIC` or `s3://BUCKET[/PREFIX]`; how long entries are kept is the topic's or the bucket's to say.",
  },
  sampleRatio: { type: "number", default: "`0.01`", doc: "Share of requests that is kept." },
  redact: {
    type: "list of texts",
    default: "`[]`",
    doc: "Tensors whose values stay out, `*` for all; `features[2]` for index 2 of the last dimension alone.",
  },
  maxElements: { type: "number", default: "`16`", doc: "Values of a tensor that are kept." },
  text: { type: "flag", default: "`false`", doc: "Whether texts are kept, which may be anything." },
  credentialsSecret: {
    type: "text",
    doc: "Name of a Secret in the services' namespace: for Kafka with `username` and `password`, for S3, which needs one, with `access-key-id` and `secret-access-key`.",
  },
  mechanism: {
    type: "text",
    default: "`scram-sha-512` where there are credentials",
    doc: "For Kafka: `plain`, `scram-sha-256` or `scram-sha-512`.",
  },
  ca: {
    type: "text",
    default: "the public authorities",
    doc: "Certificate authority of brokers or store, PEM.",
  },
  plaintext: {
    type: "flag",
    default: "`false`",
    doc: "Whether the connection may do without TLS; Kafka takes no credentials so.",
  },
  endpoint: { type: "text", default: "AWS", doc: "For S3: address of another store, `https://host[:port]`." },
  region: { type: "text", doc: "For S3: region of the bucket; needed on AWS." },
  encryption: {
    type: "text",
    default: "`none`: as the bucket has it",
    doc: "For S3: `AES256` or `aws:kms`, asked for each object.",
  },
  kmsKey: { type: "text", default: "the account's `aws/s3`", doc: "For `aws:kms`: id or ARN of the key." },
  flushInterval: {
    type: "number",
    default: "`60`",
    doc: "For S3: seconds after which an object is stored that has not grown to 4 MiB.",
  },
  pods: {
    type: "list of maps",
    default: "`[]`",
    doc: "Pods of brokers or store in the cluster, as in `{ namespace: kafka, podLabels: { app: kafka } }`.",
  },
  cidrs: {
    type: "list of texts",
    default: "`[]`; for S3 on AWS any address but link-local ones",
    doc: "IPv4 ranges of brokers or store elsewhere.",
  },
} as const satisfies Record<keyof PayloadLog, Field>;

/** Fields of an entry of `pods`. */
const POD_FIELDS = {
  namespace: { type: "text", required: true, doc: "Their namespace." },
  podLabels: { type: "map of texts", required: true, doc: "Their labels." },
} as const satisfies Record<string, Field>;

/** @throws ConfigError for the first thing that is wrong */
export function checkPayloadLogFields(log: unknown, path: string): void {
  checkFields(log, PAYLOAD_LOG_FIELDS, path);
  (log as { readonly pods?: readonly unknown[] }).pods?.forEach((pods, i) =>
    checkFields(pods, POD_FIELDS, `${path}.pods[${i}]`),
  );
}
