import type { METRIC } from "../contract";

export interface MetricInfo {
  readonly type: "counter" | "gauge" | "histogram";
  readonly labels: readonly string[];
  readonly doc: string;
}

/** Model versions with labels of their own, unless `--max-metric-models` says otherwise. */
export const MAX_METRIC_MODELS = 1000;

const PER_VERSION = ["model", "version"] as const;

/** Every metric of the server's own, once; the reference follows from it. `slipway_` is the common prefix. */
export const METRICS = {
  requests: {
    type: "counter",
    labels: ["model", "version", "code"],
    doc: "inference requests answered; `code` is OK or the error's. OK and the server's own faults are there from 0 on",
  },
  requestDuration: {
    type: "histogram",
    labels: PER_VERSION,
    doc: "from a request's body being there to its answer being handed to the socket, refused requests included",
  },
  queueDuration: { type: "histogram", labels: PER_VERSION, doc: "wait of a request for a free worker" },
  assemblyDuration: {
    type: "histogram",
    labels: PER_VERSION,
    doc: "joining the requests of a run and handing them to a worker",
  },
  computeDuration: { type: "histogram", labels: PER_VERSION, doc: "onnxruntime's part of a run" },
  serialisationDuration: {
    type: "histogram",
    labels: PER_VERSION,
    doc: "encoding of an answer for the wire",
  },
  batchSize: {
    type: "histogram",
    labels: PER_VERSION,
    doc: "rows per run of models that batch, requests per run (1) of others",
  },
  inflight: { type: "gauge", labels: PER_VERSION, doc: "requests being run by workers" },
  pending: { type: "gauge", labels: PER_VERSION, doc: "requests waiting for a worker" },
  queueCapacity: {
    type: "gauge",
    labels: PER_VERSION,
    doc: "requests that may wait before further ones get 503, for models that have a queue",
  },
  rejected: {
    type: "counter",
    labels: ["model", "version", "reason"],
    doc: "requests refused with 503; the reason is the error's code, e.g. QueueFull, each from 0 on",
  },
  cacheHits: {
    type: "counter",
    labels: PER_VERSION,
    doc: "requests answered by the response cache, for models that have one",
  },
  cacheMisses: {
    type: "counter",
    labels: PER_VERSION,
    doc: "requests that the response cache could not answer",
  },
  cacheBytes: { type: "gauge", labels: PER_VERSION, doc: "bytes that the response cache holds" },
  chosenBatchSize: {
    type: "gauge",
    labels: PER_VERSION,
    doc: "rows per run that adaptive batching allows at present",
  },
  chosenQueueDelay: {
    type: "gauge",
    labels: PER_VERSION,
    doc: "seconds that adaptive batching lets requests wait for company at present",
  },
  modelReady: { type: "gauge", labels: PER_VERSION, doc: "1 while the version can serve, else 0" },
  modelLoadDuration: { type: "gauge", labels: PER_VERSION, doc: "how long the last load took" },
  modelMemory: {
    type: "gauge",
    labels: PER_VERSION,
    doc: "bytes that the sessions of a version are estimated to hold",
  },
  coldLoads: {
    type: "counter",
    labels: PER_VERSION,
    doc: "loads that a request had to wait for, because the version was lazy or had been evicted",
  },
  evictions: {
    type: "counter",
    labels: PER_VERSION,
    doc: "unloads that made room for other models in the memory budget",
  },
  workerRestarts: {
    type: "counter",
    labels: PER_VERSION,
    doc: "workers that died and were replaced",
  },
  payloadEntries: { type: "counter", labels: [], doc: "requests that the payload log holds or has sent" },
  payloadsDropped: {
    type: "counter",
    labels: ["reason"],
    doc: "sampled requests missing from the payload log: `queue`, too many waited; `size`, too large for the receiver; `sink`, the file or receiver failed; `end`, the server ended first",
  },
  shadowSent: { type: "counter", labels: [], doc: "sampled answers that the comparator has taken" },
  shadowDropped: {
    type: "counter",
    labels: ["reason"],
    doc: "sampled answers that the comparator will not see: `queue`, too many waited; `size`, more than 2 MiB; `comparator`, it is gone or refused them",
  },
  serverReady: { type: "gauge", labels: [], doc: "1 while /v2/health/ready says so, else 0" },
  certificateExpiry: {
    type: "gauge",
    labels: [],
    doc: "Unix time at which the server's certificate ends, or one of its chain before it; only with TLS",
  },
} as const satisfies Record<keyof typeof METRIC, MetricInfo>;
