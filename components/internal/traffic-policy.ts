import type * as pulumi from "@pulumi/pulumi";

/** Limits of the traffic to one service. */
export interface TrafficLimits {
  /** Requests per second that one client address may send on one route, per gateway pod. */
  readonly requestsPerSecond: number;
  /** Seconds until the gateway answers 504. */
  readonly requestTimeout: number;
  /** Requests in flight to one service, per gateway pod; further ones get 503. */
  readonly maxParallelRequests: number;
}

/** Seconds that the gateway keeps an idle connection to a server. */
export const UPSTREAM_IDLE = 60;

/** Every address; a range speaks of one family only, and clients of the other would go unlimited. */
const EVERYWHERE = ["0.0.0.0/0", "::/0"];

/** BackendTrafficPolicy for a service's routes of one kind. */
export function backendTrafficPolicy(
  kind: "HTTPRoute" | "GRPCRoute",
  routes: readonly pulumi.Input<string>[],
  limits: TrafficLimits,
) {
  return {
    targetRefs: routes.map((name) => ({ group: "gateway.networking.k8s.io", kind, name })),
    rateLimit: {
      local: {
        rules: EVERYWHERE.map((value) => ({
          clientSelectors: [{ sourceCIDR: { type: "Distinct", value } }],
          limit: { requests: limits.requestsPerSecond, unit: "Second" },
        })),
      },
    },
    timeout: {
      tcp: { connectTimeout: "2s" },
      http: { requestTimeout: `${limits.requestTimeout}s`, connectionIdleTimeout: `${UPSTREAM_IDLE}s` },
    },
    // Only what never reached a server or was cut off by its end: inference is idempotent, so the latter may be repeated too.
    // Not 503, with which a server says that it is overloaded.
    retry: {
      numRetries: 3,
      retryOn: { triggers: ["connect-failure", "refused-stream", "reset"] },
      perRetry: { backOff: { baseInterval: "25ms", maxInterval: "250ms" } },
    },
    circuitBreaker: {
      maxConnections: limits.maxParallelRequests,
      maxPendingRequests: limits.maxParallelRequests,
      maxParallelRequests: limits.maxParallelRequests,
      // Retries are at most a fifth of what is in flight, so that they cannot multiply an overload.
      retryBudget: { percent: { numerator: 20, denominator: 100 }, minRetryConcurrency: 10 },
    },
  };
}

/** ClientTrafficPolicy of the gateway: how clients may speak to it. */
export function clientTrafficPolicy(gateway: string, retryBufferBytes: string) {
  return {
    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: gateway }],
    tls: { minVersion: "1.2" },
    // The path that is matched, authorized and forwarded must be one and the same.
    path: { escapedSlashesAction: "RejectRequest" },
    timeout: { http: { requestReceivedTimeout: "60s", idleTimeout: "300s" } },
    // Envoy can repeat a request only as far as it has buffered it; its default of 32 KiB is less than most tensors.
    connection: { bufferLimit: retryBufferBytes },
    http2: { initialStreamWindowSize: retryBufferBytes, initialConnectionWindowSize: retryBufferBytes },
  };
}
