/**
 * What everything around the server relies on: ports, paths, environment names, metric names. This file imports
 * nothing, so that components may share it without pulling in the server.
 */

/** Default ports of the three listeners. */
export const HTTP_PORT = 8000;
export const GRPC_PORT = 8001;
export const METRICS_PORT = 8002;

/** Paths of the V2 protocol that probes and routes use. */
export const LIVE_PATH = "/v2/health/live";
export const READY_PATH = "/v2/health/ready";
export const MODELS_PATH = "/v2/models";
export const METRICS_PATH = "/metrics";

/** gRPC services of the server; the second one answers Kubernetes' and Envoy's gRPC health checks. */
export const GRPC_INFERENCE_SERVICE = "inference.GRPCInferenceService";
export const GRPC_HEALTH_SERVICE = "grpc.health.v1.Health";

/** Inside the container image. Tensors lie outside JavaScript's heap: a nursery of 4 MiB instead of 16 saves memory and costs no measurable time. */
export const IMAGE_ENTRYPOINT = [
  "/usr/bin/node",
  "--max-semi-space-size=4",
  "/opt/slipway/server.js",
] as const;
export const IMAGE_DIR = "/opt/slipway";
export const CONTAINER_UID = 65532;
export const MODEL_REPOSITORY_PATH = "/models";
export const TLS_PATH = "/etc/slipway/tls";
/** Where the public keys that models must be signed by lie in a pod. */
export const MODEL_KEYS_PATH = "/etc/slipway/model-keys";
/** Where the authority of the receiver that spans are sent to lies in a pod. */
export const TELEMETRY_CA_PATH = "/etc/slipway/telemetry";

/** Environment variables: one per flag, `--model-repository` is SLIPWAY_MODEL_REPOSITORY. */
export const ENV = {
  modelRepository: "SLIPWAY_MODEL_REPOSITORY",
  modelPublicKeys: "SLIPWAY_MODEL_PUBLIC_KEYS",
  httpPort: "SLIPWAY_HTTP_PORT",
  grpcPort: "SLIPWAY_GRPC_PORT",
  metricsPort: "SLIPWAY_METRICS_PORT",
  tlsCert: "SLIPWAY_TLS_CERT",
  tlsKey: "SLIPWAY_TLS_KEY",
  drainDelay: "SLIPWAY_DRAIN_DELAY",
  drainTimeout: "SLIPWAY_DRAIN_TIMEOUT",
  maxBodyBytes: "SLIPWAY_MAX_BODY_BYTES",
  maxPendingBytes: "SLIPWAY_MAX_PENDING_BYTES",
  headerTimeout: "SLIPWAY_HEADER_TIMEOUT",
  requestTimeout: "SLIPWAY_REQUEST_TIMEOUT",
  idleTimeout: "SLIPWAY_IDLE_TIMEOUT",
  insecureRegistries: "SLIPWAY_INSECURE_REGISTRIES",
  s3Region: "SLIPWAY_S3_REGION",
  candidateUrl: "SLIPWAY_CANDIDATE_URL",
  liveUrl: "SLIPWAY_LIVE_URL",
  caFile: "SLIPWAY_CA_FILE",
  models: "SLIPWAY_MODELS",
  metricsNamespace: "SLIPWAY_METRICS_NAMESPACE",
  apiKeysFile: "SLIPWAY_API_KEYS_FILE",
  shadowUrl: "SLIPWAY_SHADOW_URL",
  shadowSlot: "SLIPWAY_SHADOW_SLOT",
  shadowSamplePercent: "SLIPWAY_SHADOW_SAMPLE_PERCENT",
  shadowCaFile: "SLIPWAY_SHADOW_CA_FILE",
  shadowKeyFile: "SLIPWAY_SHADOW_KEY_FILE",
  otlpEndpoint: "SLIPWAY_OTLP_ENDPOINT",
  traceSampleRatio: "SLIPWAY_TRACE_SAMPLE_RATIO",
} as const;

/** Bytes of the largest request body, unless `--max-body-bytes` says otherwise. */
export const MAX_BODY_BYTES = 67_108_864;

/** Options of the server that a deployment may choose; the others follow from how it is deployed. */
export const TUNABLE_OPTIONS: readonly string[] = [
  "modelMemoryBudget",
  "instances",
  "intraOpThreads",
  "strictReadiness",
  "batching",
  "inline",
  "runTimeout",
  "maxQueueSize",
  "maxBodyBytes",
  "maxPendingBytes",
  "maxTensorElements",
  "maxJsonDepth",
  "maxConnections",
  "logLevel",
  "accessLog",
  "maxMetricModels",
  "tritonMetrics",
];

/** Those that have a meaning in a Lambda function, too. */
export const FUNCTION_OPTIONS = [
  "modelMemoryBudget",
  "instances",
  "intraOpThreads",
  "batching",
  "inline",
  "runTimeout",
  "maxQueueSize",
  "maxTensorElements",
  "maxJsonDepth",
  "logLevel",
  "accessLog",
] as const;

/** Where a Lambda function keeps the models that it fetches: nothing else of its file system can be written to. */
export const FUNCTION_MODELS_PATH = "/tmp/models";

/** A model as OCI artifact: one layer per file, titled with its path inside the model's folder. */
export const MODEL_ARTIFACT_TYPE = "application/vnd.slipway.model.v1";
export const MODEL_FILE_MEDIA_TYPE = "application/vnd.slipway.model.file.v1";
export const MODEL_NAME_ANNOTATION = "dev.slipway.model.name";
export const FILE_TITLE_ANNOTATION = "org.opencontainers.image.title";

/** Where the credentials for a broker, and its certificate authority, lie in the pods that read a queue. */
export const BROKER_PATH = "/etc/slipway/broker";

/** Metric names of the consumer of a queue; durations in seconds. */
export const QUEUE_METRIC = {
  consumed: "slipway_queue_messages_consumed_total",
  succeeded: "slipway_queue_messages_succeeded_total",
  retried: "slipway_queue_retries_total",
  deadLettered: "slipway_queue_dead_letters_total",
  abandoned: "slipway_queue_messages_abandoned_total",
  inflight: "slipway_queue_inflight_messages",
  lag: "slipway_queue_lag_messages",
  processingDuration: "slipway_queue_processing_duration_seconds",
  connected: "slipway_queue_connected",
} as const;

/** Metric names of the comparator of two slots' answers. */
export const COMPARISON_METRIC = {
  requests: "slipway_comparison_requests_total",
  unpaired: "slipway_comparison_unpaired_answers_total",
  values: "slipway_comparison_values_total",
  valuesOutside: "slipway_comparison_values_outside_total",
  rows: "slipway_comparison_rows_total",
  rowsSameFirst: "slipway_comparison_rows_same_first_total",
  rowsSameSet: "slipway_comparison_rows_same_set_total",
  distance: "slipway_comparison_distance",
  kolmogorovSmirnov: "slipway_comparison_kolmogorov_smirnov",
  populationStability: "slipway_comparison_population_stability",
  waiting: "slipway_comparison_waiting_answers",
  waitingBytes: "slipway_comparison_waiting_bytes",
  began: "slipway_comparison_began_timestamp_seconds",
} as const;

/** Metric names of drift, of versions with a baseline; labels `model` and `version`, and `feature`, `measure` or `state`. */
export const DRIFT_METRIC = {
  score: "slipway_drift_score",
  pValue: "slipway_drift_p_value",
  features: "slipway_drift_features",
  windowRows: "slipway_drift_window_rows",
  windowSeconds: "slipway_drift_window_seconds",
  rows: "slipway_drift_rows_total",
  missingRatio: "slipway_drift_missing_ratio",
  outliers: "slipway_drift_outliers_total",
  lastJudged: "slipway_drift_last_judged_timestamp_seconds",
} as const;

/** Metric names of feedback; labels `model` and `version`, and those that tell apart what was right. */
export const QUALITY_METRIC = {
  feedback: "slipway_feedback_total",
  waiting: "slipway_feedback_waiting",
  quality: "slipway_quality",
  samples: "slipway_quality_samples",
  graded: "slipway_quality_graded_total",
  correct: "slipway_quality_correct_total",
  outcomes: "slipway_quality_outcomes_total",
  absoluteError: "slipway_quality_absolute_error_total",
  squaredError: "slipway_quality_squared_error_total",
} as const;

/**
 * Upper bounds in seconds of the histogram of a request's whole time, from a small table's microseconds to beyond the gateway's limit of
 * a minute. From a millisecond on the preferred numbers of ISO 3 (R10), ten to a decade: two slots whose quantiles differ by a quarter
 * do not look alike. 52 bounds are 55 series of a version and pod.
 */
export const REQUEST_DURATION_BOUNDS: readonly number[] = [
  ...[0.0001, 0.00025, 0.0005],
  ...[0.001, 0.00125, 0.0016, 0.002, 0.0025, 0.00315, 0.004, 0.005, 0.0063, 0.008],
  ...[0.01, 0.0125, 0.016, 0.02, 0.025, 0.0315, 0.04, 0.05, 0.063, 0.08],
  ...[0.1, 0.125, 0.16, 0.2, 0.25, 0.315, 0.4, 0.5, 0.63, 0.8],
  ...[1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8],
  ...[10, 12.5, 16, 20, 25, 31.5, 40, 50, 63],
];

/**
 * Seconds after which a client that goes has been kept waiting: mostly it is the gateway, whose time for the request is over, and the
 * server sees the same of both. Sooner, it has changed its mind.
 */
export const GIVEN_UP_AFTER = 5;

/** Where the credentials for the payload log's broker or store, and their certificate authority, lie in a server's pods. */
export const PAYLOAD_LOG_PATH = "/etc/slipway/payload-log";

/** Paths of the retraining trigger: where Alertmanager posts to, and whether it is there. */
export const ALERTS_PATH = "/v1/alerts";
export const HEALTH_PATH = "/healthz";

/** Metric names of the retraining trigger. */
export const RETRAINING_METRIC = {
  webhooks: "slipway_retraining_webhooks_total",
  pending: "slipway_retraining_webhooks_pending",
} as const;

/** Metric names; labels `model` and `version` unless said otherwise, durations in seconds. */
export const METRIC = {
  requests: "slipway_inference_requests_total",
  requestDuration: "slipway_inference_request_duration_seconds",
  queueDuration: "slipway_inference_queue_duration_seconds",
  assemblyDuration: "slipway_inference_assembly_duration_seconds",
  computeDuration: "slipway_inference_compute_duration_seconds",
  serialisationDuration: "slipway_inference_serialisation_duration_seconds",
  batchSize: "slipway_inference_batch_size",
  inflight: "slipway_inference_inflight_requests",
  pending: "slipway_inference_pending_requests",
  queueCapacity: "slipway_inference_queue_capacity_requests",
  rejected: "slipway_inference_rejected_requests_total",
  cacheHits: "slipway_cache_hits_total",
  cacheMisses: "slipway_cache_misses_total",
  cacheBytes: "slipway_cache_bytes",
  chosenBatchSize: "slipway_batching_chosen_max_batch_size",
  chosenQueueDelay: "slipway_batching_chosen_max_queue_delay_seconds",
  modelReady: "slipway_model_ready",
  modelLoadDuration: "slipway_model_load_duration_seconds",
  modelMemory: "slipway_model_memory_bytes",
  coldLoads: "slipway_model_cold_loads_total",
  evictions: "slipway_model_evictions_total",
  workerRestarts: "slipway_worker_restarts_total",
  payloadEntries: "slipway_payload_log_entries_total",
  payloadsDropped: "slipway_payload_log_dropped_total",
  shadowSent: "slipway_shadow_answers_sent_total",
  shadowDropped: "slipway_shadow_answers_dropped_total",
  serverReady: "slipway_server_ready",
  certificateExpiry: "slipway_tls_certificate_expiry_timestamp_seconds",
} as const;

/** What the retraining trigger can call. */
export const RETRAINING_TARGETS = ["http", "argo-workflows", "kubeflow", "github", "airflow"] as const;

/** Parameters of a pipeline that the trigger can fill. */
export const RETRAINING_PARAMETERS: readonly string[] = [
  "event",
  "id",
  "model",
  "version",
  "namespace",
  "service",
  "alert",
  "reason",
  "startsAt",
  "fingerprint",
];

/** A year: seconds for which a model is left alone after it was trained again, at most. */
export const LONGEST_COOLDOWN = 31_536_000;
