/** A version of a model, and where its files lie. */
export interface ModelVersion {
  /** Name that clients call it by: letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** A positive whole number, as in `1`. */
  readonly version: string;
  /** `oci://HOST[:PORT]/REPOSITORY@sha256:…`; the digest pins every file. */
  readonly source: string;
  /** SHA-256 of `model.onnx` in hex: checked again after the download. */
  readonly sha256: string;
  /** Ed25519 public key as PEM that must have signed every file (`<file>.sig` beside it). The models of a service are either all signed or none is. */
  readonly signatureKey?: string;
}

/** A taint that pods tolerate. */
export interface Toleration {
  /** The taint's key. */
  readonly key: string;
  /** `Exists` or `Equal`. */
  readonly operator?: string;
  /** The taint's value, where the operator is `Equal`. */
  readonly value?: string;
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`; every effect where nothing is said. */
  readonly effect?: string;
}

/** What the number of pods follows. Times in seconds. */
export interface Scaling {
  /** `cpu`, or requests as Prometheus counts them: `queueDepth` or `concurrency`, which need `scrapers`. */
  readonly on: string;
  /** Who asks Prometheus: `prometheus-adapter` or `keda`. Not for `cpu`. */
  readonly via?: string;
  /** Requests per pod. Not for `cpu`. */
  readonly target?: number;
  /** CPU that pods may use on average, in percent of their limit; for `cpu` alone. Default: 70. */
  readonly targetPercent?: number;
  /** Time for which fewer pods must have been enough before one goes. Default: 300. */
  readonly scaleDownDelay?: number;
  /** Where KEDA finds Prometheus. Default: "http://prometheus.slipway-monitoring:9090". */
  readonly prometheusUrl?: string;
  /** How KEDA says to Prometheus who it is. Default: []. */
  readonly authModes?: string[];
  /** The TriggerAuthentication that holds what `authModes` need. */
  readonly triggerAuthentication?: string;
  /** Pods while KEDA cannot ask Prometheus. */
  readonly fallbackReplicas?: number;
  /** More requests than this wake a service that sleeps. Default: 0. */
  readonly activationThreshold?: number;
  /** Time without requests before a service goes to sleep. Default: 300. */
  readonly cooldown?: number;
  /** What KEDA asks Prometheus in order to wake a service that sleeps. */
  readonly activationQuery?: string;
}

/** How evenly nodes share pods. */
export const Spread = { preferred: "preferred", required: "required" } as const;
export type Spread = (typeof Spread)[keyof typeof Spread];

/** How the pods of a service or a worker are run. Times in seconds. */
export interface PodSettings {
  /** Whether a VerticalPodAutoscaler says what the server should reserve; it changes nothing. Default: false. */
  readonly recommendResources?: boolean;
  /** What the files of all models take together, as in `2Gi`: time to start, memory and disk follow from it. */
  readonly modelSize?: string;
  /** CPU reserved per pod. Default: "250m". */
  readonly cpuRequest?: string;
  /** CPU per pod at most; the server starts as many compute threads as this gives it. Default: "1". */
  readonly cpuLimit?: string;
  /** Memory reserved per pod; it grows by `modelSize`. Default: "256Mi". */
  readonly memoryRequest?: string;
  /** Memory per pod at most; it grows by twice `modelSize`. Default: "1Gi". */
  readonly memoryLimit?: string;
  /** GPUs per pod. Default: 0. */
  readonly gpus?: number;
  /** Labels of the nodes that the pods may run on. Default: {}. */
  readonly nodeSelector?: { [label: string]: string };
  /** Taints that the pods tolerate. Default: []. */
  readonly tolerations?: Toleration[];
  /** `preferred` shares as far as possible, `required` leaves a pod waiting instead. Default: "preferred". */
  readonly spread?: Spread;
  /** Name of a PriorityClass. */
  readonly priorityClassName?: string;
  /** Further labels of the pods. Default: {}. */
  readonly podLabels?: { [label: string]: string };
  /** Annotations of the pods. Default: {}. */
  readonly podAnnotations?: { [annotation: string]: string };
  /** Names of Secrets that the kubelet pulls the server's image with. Default: []. */
  readonly imagePullSecrets?: string[];
  /** Time that loading the models may take. Default: 120. */
  readonly startupTimeout?: number;
  /** Further options of the server by name, as in `maxQueueSize: "256"`. Default: {}. */
  readonly options?: { [option: string]: string };
}

/** What users are promised of a service. */
export interface Objectives {
  /** Share of requests that must not fail by the service's fault. */
  readonly availability?: AvailabilityObjective;
  /** Share of requests that must be answered within a time. */
  readonly latency?: LatencyObjective;
  /** Days that the promise is kept over, 1 to 90. Default: 30. */
  readonly windowDays?: number;
  /** Failed (or slow) requests that must have come together before anything fires. Default: 10. */
  readonly minimumFailures?: number;
}

/** Share of requests that must not fail. */
export interface AvailabilityObjective {
  /** In percent, as in 99.9. */
  readonly percent: number;
}

/** Share of requests that must be answered within a time. */
export interface LatencyObjective {
  /** In percent, as in 99. */
  readonly percent: number;
  /** A bound of the server's histogram in seconds, as in 0.25. */
  readonly seconds: number;
}

/** How a service is run. Times in seconds. */
export interface ServiceSettings extends PodSettings {
  /** Pods at least; 0 lets the service sleep, which only KEDA can do (`scaling`). Default: 2. */
  readonly replicas?: number;
  /** Pods at most; where it is greater than `replicas`, an autoscaler owns their number. Default: twice `replicas`, at least 2. */
  readonly maxReplicas?: number;
  /** CPU that pods may use on average before pods are added, in percent of their limit. Default: 70. */
  readonly targetPercent?: number;
  /** What the number of pods follows. Default: CPU, at `targetPercent`. */
  readonly scaling?: Scaling;
  /** What users are promised; alerts follow from it, where there are `scrapers`. */
  readonly objectives?: Objectives;
  /** Time after the end is asked for in which a pod still takes requests. Default: 5. */
  readonly drainDelay?: number;
  /** Time after the end is asked for at which a pod ends even if requests are in flight. Default: 25. */
  readonly drainTimeout?: number;
}

/** Limits of the traffic to a service. */
export interface TrafficSettings {
  /** Requests per second that one client address may send on one route, per gateway pod. Default: 500. */
  readonly requestsPerSecond?: number;
  /** Seconds until the gateway answers 504. Default: 60. */
  readonly requestTimeout?: number;
  /** Requests in flight to a service, per gateway pod; further ones get 503. Default: 1024. */
  readonly maxParallelRequests?: number;
}

/** Where models are fetched from. */
export interface RegistrySettings {
  /** Registries (`host[:port]`) that are spoken to without TLS. Default: []. */
  readonly insecureRegistries?: string[];
  /** IPv4 ranges of registries that are named by host name. Default: any address but link-local ones. */
  readonly registryCidrs?: string[];
}
