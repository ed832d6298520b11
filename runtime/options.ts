import { existsSync, statSync } from "node:fs";
import { GRPC_PORT, HTTP_PORT, MAX_BODY_BYTES, METRICS_PORT } from "./contract";
import { completeOptions, parseArguments, UsageError, type OptionSpec } from "./option-table";

/** What the server can be told; see SERVER_OPTIONS for meanings, units and defaults. */
export interface ServerOptions {
  readonly modelRepository: string;
  readonly host: string;
  readonly httpPort: number;
  readonly grpcPort: number;
  readonly metricsPort: number;
  readonly instances: number;
  readonly intraOpThreads: number;
  readonly strictReadiness: boolean;
  readonly maxQueueSize: number;
  readonly maxBodyBytes: number;
  readonly maxPendingBytes: number;
  readonly maxConnections: number;
  readonly headerTimeout: number;
  readonly requestTimeout: number;
  readonly idleTimeout: number;
  readonly drainDelay: number;
  readonly drainTimeout: number;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly logLevel: string;
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
  host: { type: "text", default: "0.0.0.0", doc: "address that the three listeners bind" },
  httpPort: port(HTTP_PORT, "the V2 REST endpoint"),
  grpcPort: port(GRPC_PORT, "the V2 gRPC endpoint"),
  metricsPort: port(METRICS_PORT, "the Prometheus endpoint, always plain HTTP"),
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
    doc: "largest request body and gRPC message in bytes",
  },
  maxPendingBytes: {
    type: "integer",
    default: 268435456,
    least: 1024,
    doc: "bytes of request bodies held at a time, from their arrival to the answer, before further ones get 503",
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
    doc: "time a client has to send a whole request",
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
  logLevel: {
    type: "choice",
    default: "info",
    values: ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
    doc: "least level that is logged: fatal, error, warn, info, debug (one line per request), trace, silent",
  },
} as const satisfies Record<keyof ServerOptions, OptionSpec>;

/** Validates, completes and freezes options given by a program. */
export function resolveServerOptions(options: Partial<ServerOptions>): ServerOptions {
  const complete = completeOptions(SERVER_OPTIONS, { ...options }) as unknown as ServerOptions;
  if ((complete.tlsCert === undefined) !== (complete.tlsKey === undefined)) {
    throw new UsageError("`--tls-cert` and `--tls-key` must be given together.");
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
  const ports = [complete.httpPort, complete.grpcPort, complete.metricsPort].filter((number) => number !== 0);
  if (new Set(ports).size !== ports.length) {
    throw new UsageError(
      `\`--http-port\` (${complete.httpPort}), \`--grpc-port\` (${complete.grpcPort}) and \`--metrics-port\` (${complete.metricsPort}) must differ.`,
    );
  }
  return complete;
}

/** Reads the options of `slipway serve`. */
export function parseServerOptions(argv: readonly string[], env: NodeJS.ProcessEnv): ServerOptions {
  const { values, positionals } = parseArguments(SERVER_OPTIONS, "serve", argv, env);
  if (positionals.length > 0) {
    throw new UsageError(
      `Unexpected argument \`${positionals[0]}\`; \`slipway serve --help\` lists the options.`,
    );
  }
  const options = resolveServerOptions(values);
  if (!existsSync(options.modelRepository) || !statSync(options.modelRepository).isDirectory()) {
    throw new UsageError(
      `\`--model-repository\` (${options.modelRepository}) must be an existing folder that holds \`<model>/<version>/model.onnx\`.`,
    );
  }
  return options;
}
