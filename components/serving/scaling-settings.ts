/** How the number of a service's pods follows its load. */
export type ServiceScaling = CpuScaling | AdapterScaling | KedaScaling;

/** What a service waits for or works on; either is a number of requests. */
export type RequestLoad = "queueDepth" | "concurrency";

/** By the CPU that pods use: needs metrics-server. Says nothing about a GPU: scale such services on requests. */
export interface CpuScaling {
  /** What is measured. */
  readonly on: "cpu";
  /**
   * CPU that pods may use on average before pods are added, in percent of their limit, 1 to 100.
   * @default `targetPercent` of the service
   */
  readonly targetPercent?: number;
  /**
   * Seconds for which fewer pods must suffice before any is taken away, 0 to 3600.
   * @default 300
   */
  readonly scaleDownDelay?: number;
}

/** By requests, as a custom metric of the pods (`custom.metrics.k8s.io`); somebody in `scrapers` must read it. */
export interface AdapterScaling {
  /** `queueDepth`: requests that wait for a worker; `concurrency`: those that wait and those that are being run. */
  readonly on: RequestLoad;
  /** Who tells the autoscaler: prometheus-adapter, with `prometheusAdapterRules()` among the rules of its chart. */
  readonly via: "prometheus-adapter";
  /** Requests per pod, on average, beyond which pods are added; 0.001 to 1000000. */
  readonly target: number;
  /**
   * Seconds for which fewer pods must suffice before any is taken away, 0 to 3600.
   * @default 300
   */
  readonly scaleDownDelay?: number;
}

/**
 * By requests, as KEDA finds them in Prometheus; somebody in `scrapers` must read the pods' metrics. A pod that is not there
 * reports no queue: what wakes a service at zero is counted by the gateway's proxies instead.
 */
export interface KedaScaling {
  /** `queueDepth`: requests that wait for a worker; `concurrency`: those that wait and those that are being run. */
  readonly on: RequestLoad;
  /**
   * Who scales: KEDA, which alone can do so to zero (`replicas: 0`). Then nothing is reserved while nobody asks, but the first
   * requests get 503 until a pod is ready, which is a scrape, a look at the metrics and the pod's start later: clients must
   * try again.
   */
  readonly via: "keda";
  /** Requests per pod, on average, beyond which pods are added; 0.001 to 1000000. */
  readonly target: number;
  /**
   * Seconds for which fewer pods must suffice before any is taken away, 0 to 3600.
   * @default 300
   */
  readonly scaleDownDelay?: number;
  /**
   * URL of the Prometheus that scrapes the service and the gateway's proxies; KEDA's operator must be able to reach it.
   * @default "http://prometheus.slipway-monitoring:9090"
   */
  readonly prometheusUrl?: string;
  /**
   * How KEDA proves itself to Prometheus: `bearer`, `basic`, `tls` or `custom`, with secrets from `triggerAuthentication`.
   * @default []
   */
  readonly authModes?: readonly string[];
  /**
   * Name of a TriggerAuthentication in the service's namespace: secrets of `authModes`, a CA or a pod identity.
   * @default none
   */
  readonly triggerAuthentication?: string;
  /**
   * Pods while Prometheus does not answer, or as many as there are, if more. None are started where none run.
   * @default `replicas`, at least 1
   */
  readonly fallbackReplicas?: number;
  /**
   * Where `replicas` is 0: requests within two minutes that leave a service without pods asleep.
   * @default 0
   */
  readonly activationThreshold?: number;
  /**
   * Where `replicas` is 0: seconds without requests after which the last pod goes.
   * @default 300
   */
  readonly cooldown?: number;
  /**
   * Where `replicas` is 0: what wakes the service, a PromQL query for one number that is compared with `activationThreshold`.
   * The default cannot tell requests to one service without pods from those to another, since the gateway answers them before they
   * belong to any: one that is asked for wakes all that sleep.
   * @default requests within two minutes on the service's routes, and those to any service without pods, by Envoy's counters
   */
  readonly activationQuery?: string;
}

/** Defaults; a test ties each to its `@default` above. */
export const SCALING_DEFAULTS = {
  scaleDownDelay: 300,
  prometheusUrl: "http://prometheus.slipway-monitoring:9090",
  authModes: [] as readonly string[],
  activationThreshold: 0,
  cooldown: 300,
} as const;

/** Scaling with every default filled in. */
export type ResolvedScaling = Required<CpuScaling> | Required<AdapterScaling> | ResolvedKeda;

export type ResolvedKeda = Required<Omit<KedaScaling, "triggerAuthentication" | "activationQuery">> &
  Pick<KedaScaling, "triggerAuthentication" | "activationQuery">;

/** What a service says beside its scaling. */
export interface ScaledService {
  readonly replicas: number;
  readonly targetPercent: number;
}

/** Fills in the defaults; what is wrong stays and is found by `checkScaling`. */
export function resolveScaling(given: ServiceScaling | undefined, service: ScaledService): ResolvedScaling {
  const scaleDownDelay = given?.scaleDownDelay ?? SCALING_DEFAULTS.scaleDownDelay;
  if (given === undefined || given.on === "cpu") {
    return { on: "cpu", targetPercent: given?.targetPercent ?? service.targetPercent, scaleDownDelay };
  }
  if (given.via !== "keda") return { ...given, scaleDownDelay };
  return {
    ...given,
    scaleDownDelay,
    prometheusUrl: given.prometheusUrl ?? SCALING_DEFAULTS.prometheusUrl,
    authModes: given.authModes ?? SCALING_DEFAULTS.authModes,
    fallbackReplicas: given.fallbackReplicas ?? Math.max(1, service.replicas),
    activationThreshold: given.activationThreshold ?? SCALING_DEFAULTS.activationThreshold,
    cooldown: given.cooldown ?? SCALING_DEFAULTS.cooldown,
  };
}
