import { METRIC } from "../../runtime/contract";

/** Seconds back to which requests through the gateway count as wanting a service. */
const ACTIVITY_WINDOW = 120;

/** The gauges whose sum is a load. */
const GAUGES = {
  queueDepth: [METRIC.pending],
  concurrency: [METRIC.pending, METRIC.inflight],
} as const;

/** Names under which prometheus-adapter offers the loads of pods. */
export const POD_METRIC = {
  queueDepth: METRIC.pending,
  concurrency: "slipway_inference_concurrent_requests",
} as const;

export type Load = keyof typeof POD_METRIC;

/**
 * Rules for prometheus-adapter (`rules.custom` of its chart) by which services scale on `queueDepth` and `concurrency`.
 * The latter is the sum of two metrics, which the adapter's own rules do not offer.
 */
export function prometheusAdapterRules(): Record<string, unknown>[] {
  return (["queueDepth", "concurrency"] as const).map((load) => ({
    // One series alone: what matches several would be offered several times under the same name.
    seriesQuery: `${METRIC.pending}{namespace!="",pod!=""}`,
    resources: { overrides: { namespace: { resource: "namespace" }, pod: { resource: "pod" } } },
    name: { as: POD_METRIC[load] },
    metricsQuery: GAUGES[load]
      .map((gauge) => `sum(${gauge}{<<.LabelMatchers>>}) by (<<.GroupBy>>)`)
      .join(" + "),
  }));
}

/** PromQL for the load of all pods of a service; empty where Prometheus knows none of them. */
export function loadQuery(load: Load, namespace: string, service: string): string {
  const selector = `{namespace="${namespace}",service="${service}"}`;
  return GAUGES[load].map((gauge) => `sum(${gauge}${selector})`).join(" + ");
}

/**
 * PromQL for the requests that the gateway had for a service lately. Where a Service has no endpoints, Envoy Gateway makes
 * the routes to it answer 503 themselves: no upstream cluster exists to count those requests, only the listener does, for
 * all routes together. So requests to one service without pods wake the others that have none as well.
 */
export function activityQuery(namespace: string, service: string): string {
  const routes = `(http|grpc)route/${namespace}/${service}(-host)?/rule/[0-9]+`;
  // Not `…_rq_total`, which leaves out what never reached a pod. One per request, whatever the number of tries.
  const toService = `envoy_cluster_upstream_rq_completed{envoy_cluster_name=~"${routes}"}`;
  const answeredByRoutes = `envoy_http_rq_direct_response{envoy_http_conn_manager_prefix=~"https?-[0-9]+"}`;
  return [toService, answeredByRoutes].map(recent).join(" + ");
}

/**
 * Increase of a counter that may be new: Envoy makes it at the first request, and `increase` knows nothing of the step from
 * no series to 1.
 */
function recent(counter: string): string {
  const window = `${ACTIVITY_WINDOW}s`;
  const grown = `sum(increase(${counter}[${window}]))`;
  const appeared = `sum(${counter} unless ${counter} offset ${window})`;
  return `(${grown} or vector(0)) + (${appeared} or vector(0))`;
}
