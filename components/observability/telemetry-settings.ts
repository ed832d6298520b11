import type * as pulumi from "@pulumi/pulumi";

/** What is sent on: spans, and the server's payload log where that is sent by OTLP. */
export type TelemetrySignal = "traces" | "logs";

/** What every exporter over a network has. */
export interface NetworkExporter {
  /**
   * What it gets.
   * @default ["traces"]
   */
  readonly signals?: readonly TelemetrySignal[];
  /**
   * Headers of its requests, such as `authorization`; kept in a Secret.
   * @default {}
   */
  readonly headers?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Certificate of the authority that signed the receiver's, PEM.
   * @default the public authorities of the image
   */
  readonly caCertificate?: pulumi.Input<string>;
  /**
   * Whether an address outside of the cluster may begin with http://.
   * @default false
   */
  readonly insecure?: boolean;
  /**
   * IPv4 ranges of a host outside of the cluster; nothing else may be reached then.
   * @default the address itself, or anything but link-local addresses where it is a name
   */
  readonly cidrs?: readonly string[];
}

/** OTLP over gRPC: Tempo, Jaeger, another collector. */
export interface OtlpExporter extends NetworkExporter {
  readonly kind: "otlp";
  /** As in "http://tempo.tracing.svc:4317". */
  readonly endpoint: string;
}

/** OTLP over HTTP: Loki, Elastic APM, vendors. */
export interface OtlpHttpExporter extends NetworkExporter {
  readonly kind: "otlphttp";
  /** Base URL, to which `/v1/traces` is added, as in "https://loki.example.com/otlp". */
  readonly endpoint: string;
}

/** Elasticsearch 8.12 or later, in the data streams of OpenTelemetry's mapping. */
export interface ElasticsearchExporter extends Omit<NetworkExporter, "headers"> {
  readonly kind: "elasticsearch";
  /** As in "https://elasticsearch.example.com:9200". */
  readonly endpoint: string;
  /** API key, as Elasticsearch encodes it; kept in a Secret. */
  readonly apiKey: pulumi.Input<string>;
}

/** The collector's own log, for trying out. */
export interface DebugExporter {
  readonly kind: "debug";
  /**
   * How much of each span.
   * @default "basic"
   */
  readonly verbosity?: "basic" | "normal" | "detailed";
}

/** Where a collector sends to. */
export type TelemetryExporter = OtlpExporter | OtlpHttpExporter | ElasticsearchExporter | DebugExporter;

/** Which traces are kept of those that arrive. */
export type TelemetrySampling =
  /** A share of all, in percent, chosen by the trace's id: whole traces are kept, whichever pod sees their parts. */
  | { readonly kind: "share"; readonly percent: number }
  /**
   * All with an error, all that took longer than `slowSeconds`, and a share of the others, decided `waitSeconds` (10) after the first
   * span. Needs one replica, which sees every span.
   */
  | {
      readonly kind: "tail";
      readonly percent: number;
      readonly slowSeconds: number;
      readonly waitSeconds?: number;
    };

/** Settings of a TelemetryCollector that have a default. */
export interface TelemetryCollectorSettings {
  /**
   * Which of the traces that arrive are sent on.
   * @default all
   */
  readonly sampling?: TelemetrySampling;
  /**
   * Pods.
   * @default 1
   */
  readonly replicas?: number;
  /**
   * CPU reserved per pod.
   * @default "50m"
   */
  readonly cpuRequest?: string;
  /**
   * CPU per pod at most.
   * @default "1"
   */
  readonly cpuLimit?: string;
  /**
   * Memory reserved per pod.
   * @default "128Mi"
   */
  readonly memoryRequest?: string;
  /**
   * Memory per pod at most; at four fifths of it spans are refused, and their senders drop them.
   * @default "512Mi"
   */
  readonly memoryLimit?: string;
  /**
   * Names of Secrets that the kubelet pulls the image with.
   * @default []
   */
  readonly imagePullSecrets?: readonly string[];
}

/** What a TelemetryCollector must be told. */
export interface GivenCollector extends TelemetryCollectorSettings {
  /** Image of the collector, with a digest: OpenTelemetry's `opentelemetry-collector-contrib`, 0.160 or later. */
  readonly image: string;
  /** Where spans and log records go; at least one. */
  readonly exporters: readonly TelemetryExporter[];
}

/** Defaults; a test ties each to its `@default` above. */
export const TELEMETRY_DEFAULTS = {
  replicas: 1,
  cpuRequest: "50m",
  cpuLimit: "1",
  memoryRequest: "128Mi",
  memoryLimit: "512Mi",
  imagePullSecrets: [] as readonly string[],
} as const;

/** Settings with every default filled in. */
export type ResolvedCollector = Required<Omit<TelemetryCollectorSettings, "sampling">> & {
  readonly image: string;
  readonly exporters: readonly TelemetryExporter[];
  readonly sampling: TelemetrySampling | undefined;
};
