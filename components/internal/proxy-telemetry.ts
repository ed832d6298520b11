import type * as pulumi from "@pulumi/pulumi";
import { CLIENT_HEADER, PROVIDER } from "./authentication";

/** How the proxies trace requests, resolved. */
export interface ProxyTracing {
  /** A Service of the gateway's namespace that takes OTLP over gRPC. */
  readonly receiver: { readonly serviceName: pulumi.Input<string>; readonly grpcPort: number };
  /** Of the requests whose caller has not decided, in percent. */
  readonly samplePercent: number;
}

/** Requests out of which a share is given: percents with four decimals. */
const SAMPLED_OF = 1_000_000;

/**
 * A line of JSON per request. Names that the server's own lines have too are the same there (`requestId`, `method`, `path`, `status`,
 * `ms`, `subject`). Neither the query, which may hold credentials, nor Authorization, nor what the client says that it is.
 */
const ACCESS_LINE = {
  time: "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%",
  msg: "access",
  requestId: "%REQ(X-REQUEST-ID)%",
  traceparent: "%REQ(TRACEPARENT):55%",
  protocol: "%PROTOCOL%",
  method: "%REQ(:METHOD)%",
  host: "%REQ(:AUTHORITY):253%",
  path: "%REQ_WITHOUT_QUERY(X-ENVOY-ORIGINAL-PATH?:PATH):256%",
  status: "%RESPONSE_CODE%",
  grpcStatus: "%GRPC_STATUS_NUMBER%",
  flags: "%RESPONSE_FLAGS%",
  details: "%RESPONSE_CODE_DETAILS%",
  ms: "%DURATION%",
  upstreamMs: "%COMMON_DURATION(US_TX_BEG:US_RX_BEG:ms)%",
  bytesReceived: "%BYTES_RECEIVED%",
  bytesSent: "%BYTES_SENT%",
  route: "%ROUTE_NAME%",
  upstreamCluster: "%UPSTREAM_CLUSTER%",
  upstreamHost: "%UPSTREAM_HOST%",
  attempts: "%UPSTREAM_REQUEST_ATTEMPT_COUNT%",
  clientAddress: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
  client: `%REQ(${CLIENT_HEADER}):128%`,
  subject: `%DYNAMIC_METADATA(envoy.filters.http.jwt_authn:${PROVIDER}:sub):128%`,
} as const;

/** What the proxies say of the requests that they pass on. */
export function proxyTelemetry(tracing: ProxyTracing | undefined) {
  const json = tracing === undefined ? ACCESS_LINE : { ...ACCESS_LINE, trace_id: "%TRACE_ID%" };
  return {
    accessLog: {
      settings: [
        {
          format: { type: "JSON", json: { ...json } },
          sinks: [{ type: "File", file: { path: "/dev/stdout" } }],
        },
      ],
    },
    ...(tracing === undefined ? {} : { tracing: tracingOf(tracing) }),
  };
}

function tracingOf({ receiver, samplePercent }: ProxyTracing) {
  return {
    // A caller's decision goes before it.
    samplingFraction: { numerator: Math.round((samplePercent / 100) * SAMPLED_OF), denominator: SAMPLED_OF },
    provider: {
      type: "OpenTelemetry",
      backendRefs: [{ group: "", kind: "Service", name: receiver.serviceName, port: receiver.grpcPort }],
    },
  };
}
