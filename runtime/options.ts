import { GRPC_PORT, HTTP_PORT, MAX_BODY_BYTES, METRICS_PORT } from "./contract";
import {
  completeOptions,
  parseArguments,
  UsageError,
  type OptionSpec,
  type OptionTopics,
} from "./option-table";
import { MAX_METRIC_MODELS } from "./metrics/metric-table";
import { checkPayloadLog, PAYLOAD_OPTIONS, type PayloadOptions } from "./payload-log/payload-options";
import { requireRepository } from "./require-repository";
import { checkShadow, SHADOW_OPTIONS, type ShadowOptions } from "./shadow/shadow-options";
import { checkObservability } from "./tracing/check-options";

/** What the server can be told; see SERVER_OPTIONS for meanings, units and defaults. */
export interface ServerOptions extends PayloadOptions, ShadowOptions {
  readonly modelRepository: string;
  readonly modelControl: "none" | "poll" | "explicit";
  readonly pollInterval: number;
  readonly loadModel: readonly string[];
  readonly modelMemoryBudget: number;
  readonly host: string;
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly metricsPort: number;
  readonly adminPort: number;
  readonly instances: number;
  readonly intraOpThreads: number;
  readonly strictReadiness: boolean;
  readonly batching: "auto" | "off";
  readonly inline: "auto" | "off";
  readonly runTimeout: number;
  readonly maxQueueSize: number;
  readonly maxBodyBytes: number;
  readonly maxPendingBytes: number;
  readonly maxTensorElements: number;
  readonly maxJsonDepth: number;
  readonly maxConnections: number;
  readonly headerTimeout: number;
  readonly requestTimeout: number;
  readonly idleTimeout: number;
  readonly drainDelay: number;
  readonly drainTimeout: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  readonly tlsClientAuth: "require" | "optional";
  readonly tlsClientScopes: readonly string[];
  readonly metricsTls: boolean;
  readonly jwksFile?: string;
  readonly jwksUrl?: string;
  readonly jwtIssuer?: string;
  readonly jwtAudience?: string;
  readonly jwtAlgorithms: readonly string[];
  readonly jwtClockSkew: number;
  readonly apiKeysFile?: string;
  readonly metricsAuth: boolean;
  readonly modelPublicKeys: readonly string[];
  readonly logLevel: string;
  readonly accessLog: boolean;
  readonly maxMetricModels: number;
  readonly tritonMetrics: boolean;
  readonly otlpEndpoint?: string;
  readonly traceSampleRatio: number;
}

const port = (fallback: number, what: string): OptionSpec => ({
  type: "integer",
  default: fallback,
  least: 0,
  most: 65535,
  doc: `port of ${what}; 0 takes a free one`,
});

/** Every option of `slipway serve`, once. Help, environment, validation and the reference follow from it. */
export const SERVER_OPTIONS = {
  modelRepository: { type: "path", doc: "folder of models, laid out as `<model>/<version>/model.onnx`" },
  modelControl: {
    type: "choice",
    default: "none",
    values: ["none", "poll", "explicit"],
    doc: "what changes the models after the start: nothing (none), the folder, looked at every `--poll-interval` (poll), or requests to load and unload (explicit)",
  },
  pollInterval: {
    type: "seconds",
    default: 15,
    least: 0.1,
    doc: "time between two looks at the folder; a change is followed when two looks have seen the same",
  },
  loadModel: {
    type: "list",
    default: [],
    doc: "models that are loaded at the start with `--model-control explicit`; `*` for all; may be repeated",
  },
  modelMemoryBudget: {
    type: "integer",
    default: 0,
    doc: "bytes that loaded models may hold in all: those unused for longest make room and are loaded again when asked for; 0 for no limit",
  },
  modelPublicKeys: {
    type: "list",
    default: [],
    doc: "PEM files of Ed25519 public keys: only models with a signature (`model.onnx.sig`) by one of them are loaded",
  },
  host: { type: "text", default: "0.0.0.0", doc: "address that the listeners bind" },
  httpPort: port(HTTP_PORT, "the V2 REST endpoint"),
  grpcPort: port(GRPC_PORT, "the V2 gRPC endpoint"),
  metricsPort: port(
    METRICS_PORT,
    "the Prometheus endpoint, plain HTTP unless `--metrics-tls` says otherwise",
  ),
  adminPort: {
    type: "integer",
    default: 0,
    least: 0,
    most: 65535,
    doc: "port that alone serves the repository's index, load and unload, which REST then answers with 404 and gRPC with UNIMPLEMENTED; 0 leaves them there",
  },
  instances: {
    type: "integer",
    default: 1,
    least: 1,
    most: 256,
    doc: "worker threads per model version, each with a session of its own; `model.json` may say otherwise per model",
  },
  intraOpThreads: {
    type: "integer",
    default: 0,
    most: 1024,
    doc: "threads that one session computes with; 0 divides the CPU quota of the cgroup among the instances",
  },
  strictReadiness: {
    type: "boolean",
    default: true,
    doc: "ready only while every model of the repository is; with false, ready once loading has ended",
  },
  batching: {
    type: "choice",
    default: "auto",
    values: ["auto", "off"],
    doc: "whether models without `batching` in `model.json` batch: auto where it is proven at load that rows may share a run, or off",
  },
  inline: {
    type: "choice",
    default: "auto",
    values: ["auto", "off"],
    doc: "whether runs of up to 16 requests that take 0.1 ms at most take place on the main thread, which spares them the way to a worker and back; where the server may use one processor only, runs of any number that take 0.5 ms at most; small models of fixed sizes are loaded once more for that",
  },
  runTimeout: {
    type: "seconds",
    default: 120,
    doc: "time one run of a model may take before its worker counts as stuck and `/v2/health/live` fails; 0 for no limit",
  },
  maxQueueSize: {
    type: "integer",
    default: 1024,
    least: 1,
    doc: "requests that may wait per model version before further ones get 503",
  },
  maxBodyBytes: {
    type: "integer",
    default: MAX_BODY_BYTES,
    least: 1024,
    doc: "largest request body and gRPC message in bytes, compressed ones as they inflate",
  },
  maxPendingBytes: {
    type: "integer",
    default: 268435456,
    least: 1024,
    doc: "bytes of request bodies, and of what the arrays, objects, keys and long numbers of unusual JSON take, held at a time, from their arrival to the answer, before further ones get 503",
  },
  maxTensorElements: {
    type: "integer",
    default: 67108864,
    least: 1,
    doc: "elements that one input tensor may have",
  },
  maxJsonDepth: {
    type: "integer",
    default: 32,
    least: 8,
    most: 1000,
    doc: "levels of arrays and objects that a JSON body may have",
  },
  maxConnections: {
    type: "integer",
    default: 10000,
    least: 1,
    doc: "open HTTP connections; further ones are closed at once",
  },
  headerTimeout: { type: "seconds", default: 10, least: 0.1, doc: "time a client has to send its headers" },
  requestTimeout: {
    type: "seconds",
    default: 60,
    least: 0.1,
    doc: "time a client has to send a whole request, and to read on in an answer",
  },
  idleTimeout: {
    type: "seconds",
    default: 75,
    least: 1,
    doc: "time an idle keep-alive connection stays open; make it longer than the proxy's in front",
  },
  drainDelay: {
    type: "seconds",
    default: 0,
    doc: "time after SIGTERM in which requests are still taken while readiness says 503, so that endpoints are removed first",
  },
  drainTimeout: {
    type: "seconds",
    default: 25,
    least: 0.1,
    doc: "time after SIGTERM at which the server exits even if requests are in flight",
  },
  tlsCert: {
    type: "path",
    optional: true,
    doc: "PEM certificate chain: HTTP and gRPC speak TLS; read again when the file changes",
  },
  tlsKey: { type: "path", optional: true, doc: "PEM private key of `--tls-cert`" },
  tlsClientCa: {
    type: "path",
    optional: true,
    doc: "PEM certificates of authorities: HTTP and gRPC ask clients for a certificate by one of them; read again when the file changes",
  },
  tlsClientAuth: {
    type: "choice",
    default: "require",
    values: ["require", "optional"],
    doc: "whether a connection without a certificate by `--tls-client-ca` is refused; Kubernetes' HTTP probes have none",
  },
  tlsClientScopes: {
    type: "list",
    default: ["infer"],
    doc: "what a client's certificate alone allows: infer, admin, metrics; empty (`--tls-client-scopes=`) asks for a token or key besides",
  },
  metricsTls: {
    type: "boolean",
    default: false,
    doc: "the metrics port speaks TLS, too, and asks clients for certificates as HTTP and gRPC do",
  },
  jwksFile: {
    type: "path",
    optional: true,
    doc: "JSON web key set: requests need a token that one of its keys signed; read again when the file changes",
  },
  jwksUrl: {
    type: "text",
    optional: true,
    doc: "address of such a set, `https://`; fetched every five minutes, and for a token whose key is unknown at most every 30 seconds",
  },
  jwtIssuer: { type: "text", optional: true, doc: "`iss` that tokens must have" },
  jwtAudience: { type: "text", optional: true, doc: "`aud` that tokens must have, or have among others" },
  jwtAlgorithms: {
    type: "list",
    default: ["ES256", "ES384", "RS256", "PS256", "EdDSA", "Ed25519"],
    doc: "algorithms of tokens that are taken; those with a shared key (HS256) and `none` never are",
  },
  jwtClockSkew: {
    type: "seconds",
    default: 30,
    most: 600,
    doc: "time by which the clock of the tokens' issuer may differ",
  },
  apiKeysFile: {
    type: "path",
    optional: true,
    doc: "API keys, hashed, a line each as `slipway api-key` prints it; read again when the file changes",
  },
  metricsAuth: {
    type: "boolean",
    default: false,
    doc: "`/metrics` needs a token or an API key with the scope metrics, or with `--metrics-tls` a certificate that allows it",
  },
  logLevel: {
    type: "choice",
    default: "info",
    values: ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
    doc: "least level that is logged; debug has a line per request",
  },
  accessLog: {
    type: "boolean",
    default: false,
    doc: "log a line at info per request: method, path, status, milliseconds, request id, subject of the credentials",
  },
  maxMetricModels: {
    type: "integer",
    default: MAX_METRIC_MODELS,
    least: 1,
    doc: "model versions with labels of their own in metrics; further ones are added up under `other`",
  },
  tritonMetrics: {
    type: "boolean",
    default: false,
    doc: "show metrics under Triton's names (`nv_inference_*`) as well",
  },
  otlpEndpoint: {
    type: "text",
    optional: true,
    doc: "base URL of an OpenTelemetry receiver (OTLP over HTTP), e.g. `http://collector:4318`; requests are traced to it",
  },
  traceSampleRatio: {
    type: "number",
    default: 1,
    most: 1,
    doc: "share of requests that are traced, of those whose caller has not decided it (`traceparent`)",
  },
  ...PAYLOAD_OPTIONS,
  ...SHADOW_OPTIONS,
} as const satisfies Record<keyof ServerOptions, OptionSpec>;

/** What the options are about, in their order: a heading each, and the first option below it. */
export const SERVER_OPTION_TOPICS: OptionTopics<keyof ServerOptions> = {
  Models: "modelRepository",
  Ports: "host",
  Running: "instances",
  Limits: "maxQueueSize",
  "Time limits": "headerTimeout",
  Ending: "drainDelay",
  TLS: "tlsCert",
  Credentials: "jwksFile",
  "Logs and metrics": "logLevel",
  Traces: "otlpEndpoint",
  "Payload log": "payloadLog",
  Shadow: "shadowUrl",
};

/** Validates, completes and freezes options given by a program. */
export function resolveServerOptions(options: Partial<ServerOptions>): ServerOptions {
  const complete = completeOptions(SERVER_OPTIONS, { ...options }) as unknown as ServerOptions;
  if ((complete.tlsCert === undefined) !== (complete.tlsKey === undefined)) {
    throw new UsageError("`--tls-cert` and `--tls-key` must be given together.");
  }
  if (complete.metricsTls && complete.tlsCert === undefined) {
    throw new UsageError("`--metrics-tls` needs `--tls-cert` and `--tls-key`, whose certificate it shows.");
  }
  if (complete.drainDelay >= complete.drainTimeout) {
    throw new UsageError(
      `\`--drain-delay\` (${complete.drainDelay}) must be less than \`--drain-timeout\` (${complete.drainTimeout}).`,
    );
  }
  if (complete.maxPendingBytes < complete.maxBodyBytes) {
    throw new UsageError(
      `\`--max-pending-bytes\` (${complete.maxPendingBytes}) must be >= \`--max-body-bytes\` (${complete.maxBodyBytes}).`,
    );
  }
  checkObservability(complete);
  checkPayloadLog(complete);
  checkShadow(complete);
  if (complete.loadModel.length > 0 && complete.modelControl !== "explicit") {
    throw new UsageError(
      `\`--load-model\` (${complete.loadModel.join(",")}) needs \`--model-control explicit\`; with ${complete.modelControl} every model is loaded.`,
    );
  }
  const { httpPort, grpcPort, metricsPort, adminPort } = complete;
  const ports = [httpPort, grpcPort, metricsPort].filter((number) => number !== 0);
  if (new Set(ports).size !== ports.length) {
    throw new UsageError(
      `\`--http-port\` (${httpPort}), \`--grpc-port\` (${grpcPort}) and \`--metrics-port\` (${metricsPort}) must differ.`,
    );
  }
  if (ports.includes(adminPort)) {
    throw new UsageError(
      `\`--admin-port\` (${adminPort}) must differ from the other ports (${ports.join(", ")}).`,
    );
  }
  return complete;
}

/** Reads the options of `slipway serve`. */
export function parseServerOptions(argv: readonly string[], env: NodeJS.ProcessEnv): ServerOptions {
  return requireRepository(resolveServerOptions(parseArguments(SERVER_OPTIONS, "serve", argv, env).values));
}
