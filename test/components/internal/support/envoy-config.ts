import type { backendTrafficPolicy } from "../../../../components/internal/traffic-policy";

type Policy = ReturnType<typeof backendTrafficPolicy>;

const any = (type: string, config: object = {}) => ({
  "@type": `type.googleapis.com/${type}`,
  ...config,
});
const address = (port: number) => ({ socket_address: { address: "127.0.0.1", port_value: port } });
/** "25ms" as protobuf's JSON writes it, in seconds. */
const seconds = (duration: string) =>
  `${duration.endsWith("ms") ? Number.parseInt(duration, 10) / 1000 : Number.parseInt(duration, 10)}s`;

/** As Envoy Gateway 1.9 makes it (internal/xds/translator/route.go, `buildRetryPolicy`). */
function retryPolicy({ retry }: Policy): object {
  if (retry === undefined) return {};
  const { numRetries, retryOn, perRetry } = retry;
  const { baseInterval, maxInterval } = perRetry.backOff;
  const type = "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate";
  return {
    retry_policy: {
      retry_on: retryOn.triggers.join(),
      num_retries: numRetries,
      retry_host_predicate: [{ name: "envoy.retry_host_predicates.previous_hosts", typed_config: any(type) }],
      host_selection_retry_max_attempts: 5,
      retry_back_off: { base_interval: seconds(baseInterval), max_interval: seconds(maxInterval) },
    },
  };
}

/** As Envoy Gateway 1.9 makes it (internal/xds/translator/cluster.go). */
function cluster({ healthCheck, circuitBreaker, timeout }: Policy, servers: readonly number[]): object {
  const { passive } = healthCheck;
  const type = "envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest";
  return {
    name: "servers",
    type: "STATIC",
    connect_timeout: timeout.tcp.connectTimeout,
    load_assignment: {
      cluster_name: "servers",
      endpoints: [{ lb_endpoints: servers.map((port) => ({ endpoint: { address: address(port) } })) }],
    },
    load_balancing_policy: {
      policies: [
        {
          typed_extension_config: {
            name: "envoy.load_balancing_policies.least_request",
            typed_config: any(type),
          },
        },
      ],
    },
    outlier_detection: {
      split_external_local_origin_errors: passive.splitExternalLocalOriginErrors,
      consecutive_local_origin_failure: passive.consecutiveLocalOriginFailures,
      consecutive_5xx: passive.consecutive5XxErrors,
      base_ejection_time: seconds(passive.baseEjectionTime),
      interval: seconds(passive.interval),
      max_ejection_percent: passive.maxEjectionPercent,
    },
    circuit_breakers: {
      thresholds: [
        {
          max_connections: circuitBreaker.maxConnections,
          max_pending_requests: circuitBreaker.maxPendingRequests,
          max_requests: circuitBreaker.maxParallelRequests,
          max_retries: circuitBreaker.maxParallelRetries,
        },
      ],
    },
  };
}

/**
 * An Envoy that does with requests to `servers` what Envoy Gateway makes of a policy about retries and broken servers; limits of
 * rates and bodies are left out.
 */
export function envoyConfig(policy: Policy, listener: number, servers: readonly number[]): object {
  const manager = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";
  return {
    static_resources: {
      listeners: [
        {
          address: address(listener),
          filter_chains: [
            {
              filters: [
                {
                  name: "envoy.filters.network.http_connection_manager",
                  typed_config: any(manager, {
                    stat_prefix: "http",
                    route_config: {
                      virtual_hosts: [
                        {
                          name: "all",
                          domains: ["*"],
                          routes: [
                            { match: { prefix: "/" }, route: { cluster: "servers", ...retryPolicy(policy) } },
                          ],
                        },
                      ],
                    },
                    http_filters: [
                      {
                        name: "envoy.filters.http.router",
                        typed_config: any("envoy.extensions.filters.http.router.v3.Router"),
                      },
                    ],
                  }),
                },
              ],
            },
          ],
        },
      ],
      clusters: [cluster(policy, servers)],
    },
  };
}
