import type * as pulumi from "@pulumi/pulumi";
import {
  GRPC_HEALTH_SERVICE,
  GRPC_INFERENCE_SERVICE,
  GRPC_PORT,
  HTTP_PORT,
  MODELS_PATH,
} from "../../runtime/contract";

/** A request header (or gRPC metadata) that chooses a service on the shared host, where no path can. */
const SERVICE_HEADER = "slipway-service";

/** Where a route hangs, and what it leads to. */
export interface RouteTarget {
  readonly gateway: pulumi.Input<string>;
  readonly gatewayNamespace: pulumi.Input<string>;
  readonly service: pulumi.Input<string>;
}

// Spelled out although they are the API's defaults: then what is declared equals what is stored.
const backend = (target: RouteTarget, port: number) => [
  { group: "", kind: "Service", name: target.service, port, weight: 1 },
];
const parents = (target: RouteTarget) => [
  {
    group: "gateway.networking.k8s.io",
    kind: "Gateway",
    name: target.gateway,
    namespace: target.gatewayNamespace,
  },
];

/** The token has done its work at the gateway: no server need see it. */
const DROP_TOKEN = { type: "RequestHeaderModifier", requestHeaderModifier: { remove: ["Authorization"] } };

/** Matches that one rule of an HTTPRoute may have. */
const MATCHES_PER_RULE = 64;

/** Matches that all rules of an HTTPRoute may have together, hence models that one service may have on the shared host. */
export const MOST_MODELS = 128;

/** HTTPRoute of the shared host: every model of the service by its path. */
export function sharedHttpRoute(host: string, models: readonly string[], target: RouteTarget) {
  const matches = models.map((model) => ({ path: { type: "PathPrefix", value: `${MODELS_PATH}/${model}` } }));
  const rules = Math.ceil(matches.length / MATCHES_PER_RULE);
  return {
    parentRefs: parents(target),
    hostnames: [host],
    rules: Array.from({ length: rules }, (_, i) => ({
      matches: matches.slice(i * MATCHES_PER_RULE, (i + 1) * MATCHES_PER_RULE),
      filters: [DROP_TOKEN],
      backendRefs: backend(target, HTTP_PORT),
    })),
  };
}

/** HTTPRoute of the service's own host: the whole protocol. */
export function ownHttpRoute(host: string, target: RouteTarget) {
  return {
    parentRefs: parents(target),
    hostnames: [host],
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: "/v2" } }],
        filters: [DROP_TOKEN],
        backendRefs: backend(target, HTTP_PORT),
      },
    ],
  };
}

/** GRPCRoute of the service's own host, or of the shared host where the header names the service. */
export function grpcRoute(host: string, header: string | undefined, target: RouteTarget) {
  const headers =
    header === undefined ? {} : { headers: [{ type: "Exact", name: SERVICE_HEADER, value: header }] };
  return {
    parentRefs: parents(target),
    hostnames: [host],
    rules: [
      {
        matches: [GRPC_INFERENCE_SERVICE, GRPC_HEALTH_SERVICE].map((service) => ({
          method: { type: "Exact", service },
          ...headers,
        })),
        filters: [DROP_TOKEN],
        backendRefs: backend(target, GRPC_PORT),
      },
    ],
  };
}
