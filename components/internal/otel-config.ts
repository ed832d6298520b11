import type * as pulumi from "@pulumi/pulumi";
import { METRICS_PORT } from "../../runtime/contract";
import type {
  ResolvedCollector,
  TelemetryExporter,
  TelemetrySampling,
  TelemetrySignal,
} from "../observability/telemetry-settings";
import { byteCount } from "./quantity";

export const OTLP_GRPC_PORT = 4317;
export const OTLP_HTTP_PORT = 4318;
export const COLLECTOR_HEALTH_PORT = 13133;
export const COLLECTOR_TLS_PATH = "/etc/otelcol/tls";
export const COLLECTOR_CA_PATH = "/etc/otelcol/authorities";
export const COLLECTOR_SECRETS_PATH = "/etc/otelcol/secrets";

/** Where a collector listens and finds its files. */
export interface CollectorPlace {
  readonly host: string;
  readonly grpcPort: number;
  readonly httpPort: number;
  readonly metricsPort: number;
  readonly healthPort: number;
  readonly tlsPath: string;
  readonly caPath: string;
  readonly secretsPath: string;
}

/** In a pod. */
export const IN_POD: CollectorPlace = {
  host: "0.0.0.0",
  grpcPort: OTLP_GRPC_PORT,
  httpPort: OTLP_HTTP_PORT,
  metricsPort: METRICS_PORT,
  healthPort: COLLECTOR_HEALTH_PORT,
  tlsPath: COLLECTOR_TLS_PATH,
  caPath: COLLECTOR_CA_PATH,
  secretsPath: COLLECTOR_SECRETS_PATH,
};

/** File name of an exporter's authority. */
export function authorityFile(exporter: number): string {
  return `exporter-${exporter}.crt`;
}

/** File with one of an exporter's secrets. */
function secretFile(exporter: number, place: number): string {
  return `exporter-${exporter}-${place}`;
}

/** The secrets of all exporters by their files. */
export function exporterSecrets(
  exporters: readonly TelemetryExporter[],
): Record<string, pulumi.Input<string>> {
  const all = exporters.flatMap((exporter, i) => {
    if (exporter.kind === "debug") return [];
    const secrets =
      exporter.kind === "elasticsearch" ? [exporter.apiKey] : Object.values(exporter.headers ?? {});
    return secrets.map((secret, place) => [secretFile(i, place), secret] as const);
  });
  return Object.fromEntries(all);
}

/** What the collector calls the exporters. */
const COMPONENT = {
  otlp: "otlp_grpc",
  otlphttp: "otlp_http",
  elasticsearch: "elasticsearch",
  debug: "debug",
} as const;

/**
 * The configuration of OpenTelemetry's collector. It holds no secret: those are in files.
 * Order of the processors: the limit first, so that what is too much costs nothing; batches last.
 */
export function collectorConfig(
  { exporters, sampling, memoryLimit }: ResolvedCollector,
  place: CollectorPlace = IN_POD,
) {
  const listen = (port: number) => ({
    endpoint: `${place.host}:${port}`,
    tls: { cert_file: `${place.tlsPath}/tls.crt`, key_file: `${place.tlsPath}/tls.key`, min_version: "1.2" },
  });
  const named = exporters.map((exporter, i) => `${COMPONENT[exporter.kind]}/${i}`);
  const pipelines = (["traces", "logs"] as const).flatMap((signal) => {
    const to = named.filter((_, i) => signalsOf(exporters[i]!).includes(signal));
    if (to.length === 0) return [];
    const own = signal === "traces" ? ["transform", ...(sampling ? [SAMPLER[sampling.kind]] : [])] : [];
    return [
      [
        signal,
        { receivers: ["otlp"], processors: ["memory_limiter", ...own, "batch"], exporters: to },
      ] as const,
    ];
  });
  const traced = pipelines.some(([signal]) => signal === "traces");
  const mebibytes = Math.floor((byteCount(memoryLimit) ?? 0) / 2 ** 20);
  return {
    extensions: { health_check: { endpoint: `${place.host}:${place.healthPort}` } },
    receivers: { otlp: { protocols: { grpc: listen(place.grpcPort), http: listen(place.httpPort) } } },
    processors: {
      memory_limiter: {
        check_interval: "1s",
        limit_mib: Math.floor(mebibytes * 0.8),
        spike_limit_mib: Math.floor(mebibytes * 0.2),
      },
      ...(traced
        ? {
            // Envoy's spans have the whole address, whose query may hold credentials.
            transform: {
              error_mode: "ignore",
              trace_statements: ['replace_pattern(span.attributes["http.url"], "\\\\?.*$$", "")'],
            },
            ...(sampling ? { [SAMPLER[sampling.kind]]: samplerConfig(sampling) } : {}),
          }
        : {}),
      batch: { timeout: "1s", send_batch_size: 1024, send_batch_max_size: 4096 },
    },
    exporters: Object.fromEntries(exporters.map((each, i) => [named[i]!, exporterConfig(each, i, place)])),
    service: {
      extensions: ["health_check"],
      pipelines: Object.fromEntries(pipelines),
      telemetry: {
        logs: { level: "warn", encoding: "json" },
        metrics: {
          level: "normal",
          readers: [{ pull: { exporter: { prometheus: { host: place.host, port: place.metricsPort } } } }],
        },
      },
    },
  };
}

function signalsOf(exporter: TelemetryExporter): readonly TelemetrySignal[] {
  return exporter.kind === "debug" ? ["traces", "logs"] : (exporter.signals ?? ["traces"]);
}

const SAMPLER = { share: "probabilistic_sampler", tail: "tail_sampling" } as const;

function samplerConfig(sampling: TelemetrySampling) {
  if (sampling.kind === "share") return { sampling_percentage: sampling.percent };
  const { percent, slowSeconds, waitSeconds = 10 } = sampling;
  return {
    decision_wait: `${waitSeconds}s`,
    policies: [
      { name: "errors", type: "status_code", status_code: { status_codes: ["ERROR"] } },
      { name: "slow", type: "latency", latency: { threshold_ms: Math.round(slowSeconds * 1000) } },
      { name: "share", type: "probabilistic", probabilistic: { sampling_percentage: percent } },
    ],
  };
}

function exporterConfig(exporter: TelemetryExporter, i: number, place: CollectorPlace) {
  if (exporter.kind === "debug") return { verbosity: exporter.verbosity ?? "basic" };
  const isPlain = exporter.endpoint.startsWith("http:");
  const tls = isPlain
    ? { insecure: true }
    : {
        min_version: "1.2",
        ...(exporter.caCertificate === undefined ? {} : { ca_file: `${place.caPath}/${authorityFile(i)}` }),
      };
  const secret = (at: number) => `\${file:${place.secretsPath}/${secretFile(i, at)}}`;
  if (exporter.kind === "elasticsearch") {
    return {
      endpoints: [exporter.endpoint],
      api_key: secret(0),
      mapping: { mode: "otel" },
      ...(isPlain ? {} : { tls }),
    };
  }
  const headers = Object.keys(exporter.headers ?? {}).map((header, at) => [header, secret(at)]);
  const { endpoint, kind } = exporter;
  return {
    endpoint,
    ...(isPlain && kind === "otlphttp" ? {} : { tls }),
    ...(headers.length === 0 ? {} : { headers: Object.fromEntries(headers) as Record<string, string> }),
    // What cannot be sent for five minutes is dropped; a receiver that is away must not fill the memory.
    sending_queue: { queue_size: 1000 },
    retry_on_failure: { max_elapsed_time: "300s" },
  };
}
