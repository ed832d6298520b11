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

/**
 * Only what never reached a server or was cut off by its end before it had begun to answer: inference, streamed or not, changes
 * nothing, so the latter may be repeated too. Not 503, with which a server says that it is overloaded.
 *
 * Envoy counts all of these together, so the number is a choice: a request that kills whoever reads it takes one server more than
 * it. With fewer, a dead server costs requests that never reached it: it looks idle, idle ones are preferred, and of two servers the
 * repeated request meets the dead one again too often (test/components/internal/retries.engine.ts).
 */
const RETRY = {
  numRetries: 3,
  retryOn: { triggers: ["connect-failure", "refused-stream", "reset"] },
  perRetry: { backOff: { baseInterval: "25ms", maxInterval: "250ms" } },
};

/**
 * A server that refuses or breaks connections looks idle, and idle ones are preferred: without this, those who try again meet the
 * dead one again until the cluster has noticed. Answers count for nothing: a server that says 5xx is a matter of gates and alerts,
 * and half of the servers stay whatever happens.
 */
const PASSIVE_HEALTH_CHECK = {
  splitExternalLocalOriginErrors: true,
  consecutiveLocalOriginFailures: 3,
  consecutive5XxErrors: 0,
  baseEjectionTime: "1s",
  maxEjectionPercent: 50,
  // Also the time over which Envoy compares servers' success where each had 100 requests: too short for that, which is meant.
  interval: "100ms",
};

/** What a traffic policy is about besides its routes. */
export interface TrafficScope {
  /** Name of the rule, or rules, that it is for, of calls that must not be repeated; undefined for the routes as a whole. */
  readonly rule?: string | readonly string[] | undefined;
  /** Bytes of the longest request body, for HTTP; longer ones get 413. Undefined leaves it to the server. */
  readonly maxBodyBytes?: number | undefined;
}

/** BackendTrafficPolicy for a service's routes of one kind. */
export function backendTrafficPolicy(
  kind: "HTTPRoute" | "GRPCRoute",
  routes: readonly pulumi.Input<string>[],
  limits: TrafficLimits,
  { rule, maxBodyBytes }: TrafficScope = {},
) {
  const sections = rule === undefined ? [{}] : [rule].flat().map((sectionName) => ({ sectionName }));
  return {
    targetRefs: routes.flatMap((name) =>
      sections.map((section) => ({ group: "gateway.networking.k8s.io", kind, name, ...section })),
    ),
    // Each request is held until the whole of it is there. A stream of gRPC messages would wait for its own end: not for those.
    ...(maxBodyBytes === undefined ? {} : { requestBuffer: { limit: String(maxBodyBytes) } }),
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
    ...(rule === undefined ? { retry: RETRY } : {}),
    healthCheck: { passive: PASSIVE_HEALTH_CHECK },
    circuitBreaker: {
      maxConnections: limits.maxParallelRequests,
      maxPendingRequests: limits.maxParallelRequests,
      maxParallelRequests: limits.maxParallelRequests,
      // A server that dies leaves all of its requests to others at once. A share of what is in flight would be too few: those that wait
      // to be repeated are not in flight. What a server refuses because it is overloaded is not repeated, so nothing multiplies.
      maxParallelRetries: limits.maxParallelRequests,
    },
  };
}

/** What the gateway asks of connections, besides TLS. */
export interface ClientConnections {
  /** Certificates that clients must have. */
  readonly clientCertificates?: {
    /** ConfigMap with the authorities in `ca.crt`. */
    readonly authorities: pulumi.Input<string>;
    readonly dnsNames: readonly string[];
    readonly uris: readonly string[];
  };
  /** How clients' addresses are known where a connection does not have them: limits are counted by them. */
  readonly clientAddress?: "proxy-protocol" | "forwarded-header" | undefined;
}

function clientValidation({
  authorities,
  dnsNames,
  uris,
}: NonNullable<ClientConnections["clientCertificates"]>) {
  const exactly = (values: readonly string[]) => values.map((value) => ({ type: "Exact", value }));
  const names = {
    ...(dnsNames.length === 0 ? {} : { dnsNames: exactly(dnsNames) }),
    ...(uris.length === 0 ? {} : { uris: exactly(uris) }),
  };
  return {
    mode: "RequireAndVerify",
    caCertificateRefs: [{ group: "", kind: "ConfigMap", name: authorities }],
    ...(Object.keys(names).length === 0 ? {} : { subjectAltNames: names }),
  };
}

/** ClientTrafficPolicy of the gateway: how clients may speak to it. */
export function clientTrafficPolicy(
  gateway: string,
  retryBufferBytes: string,
  { clientCertificates, clientAddress }: ClientConnections = {},
) {
  return {
    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: gateway }],
    tls: {
      minVersion: "1.2",
      ...(clientCertificates === undefined ? {} : { clientValidation: clientValidation(clientCertificates) }),
    },
    headers: {
      // An id of the gateway's own: one that a client chose could be another request's, to which its truth would be counted.
      requestID: "Generate",
      // What a client says of its own certificate in a header is never passed on.
      ...(clientCertificates === undefined ? {} : { xForwardedClientCert: { mode: "Sanitize" } }),
    },
    ...(clientAddress === "proxy-protocol" ? { proxyProtocol: { optional: false } } : {}),
    // The last entry is the load balancer's own; whatever stands before it the client may have made up.
    ...(clientAddress === "forwarded-header"
      ? { clientIPDetection: { xForwardedFor: { numTrustedHops: 1 } } }
      : {}),
    // The path that is matched, authorized and forwarded must be one and the same.
    path: { escapedSlashesAction: "RejectRequest" },
    timeout: { http: { requestReceivedTimeout: "60s", idleTimeout: "300s" } },
    // Envoy can repeat a request only as far as it has buffered it; its default of 32 KiB is less than most tensors.
    connection: { bufferLimit: retryBufferBytes },
    http2: { initialStreamWindowSize: retryBufferBytes, initialConnectionWindowSize: retryBufferBytes },
  };
}
