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
  /** Request headers with credentials, which end at the gateway. */
  readonly credentialHeaders: readonly string[];
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

/** Credentials have done their work at the gateway: no server need see them. */
const dropHeaders = (names: readonly string[]) => ({
  type: "RequestHeaderModifier",
  requestHeaderModifier: { remove: [...names] },
});

/**
 * Name of the rules for what changes a server, loading and unloading models: unlike inference it must not be repeated, and
 * traffic policies are told apart by rule.
 */
export const CONTROL_RULE = "control";

/** Names of all rules of a service's own HTTPRoute where people can sign in. */
export const SIGN_IN_RULES = ["protocol", CONTROL_RULE, "sign-in"] as const;

const CONTROL_PATH = "/v2/repository";
const CONTROL_METHODS = ["RepositoryModelLoad", "RepositoryModelUnload"];

/** Matches that one rule of an HTTPRoute may have. */
const MATCHES_PER_RULE = 64;

/** Matches that all rules of an HTTPRoute may have together, hence models that one service may have on the shared host. */
export const MOST_MODELS = 128;

/** HTTPRoute of the shared host: every model of the service by its path. */
export function sharedHttpRoute(host: pulumi.Input<string>, models: readonly string[], target: RouteTarget) {
  const matches = models.map((model) => ({ path: { type: "PathPrefix", value: `${MODELS_PATH}/${model}` } }));
  const rules = Math.ceil(matches.length / MATCHES_PER_RULE);
  return {
    parentRefs: parents(target),
    hostnames: [host],
    rules: Array.from({ length: rules }, (_, i) => ({
      matches: matches.slice(i * MATCHES_PER_RULE, (i + 1) * MATCHES_PER_RULE),
      filters: [dropHeaders(target.credentialHeaders)],
      backendRefs: backend(target, HTTP_PORT),
    })),
  };
}

/** HTTPRoute of the service's own host: the whole protocol, and the paths of a sign-in, if there is one. */
export function ownHttpRoute(
  host: pulumi.Input<string>,
  target: RouteTarget,
  signInPaths: readonly string[] = [],
) {
  const rule = (name: string | undefined, matches: { path: { type: string; value: string } }[]) => ({
    ...(name === undefined ? {} : { name }),
    matches,
    filters: [dropHeaders(target.credentialHeaders)],
    backendRefs: backend(target, HTTP_PORT),
  });
  const path = (type: string, value: string) => ({ path: { type, value } });
  const [protocol, , signIn] = SIGN_IN_RULES;
  return {
    parentRefs: parents(target),
    hostnames: [host],
    rules: [
      rule(signInPaths.length === 0 ? undefined : protocol, [path("PathPrefix", "/v2")]),
      rule(CONTROL_RULE, [path("PathPrefix", CONTROL_PATH)]),
      ...(signInPaths.length === 0
        ? []
        : [
            rule(
              signIn,
              signInPaths.map((value) => path("Exact", value)),
            ),
          ]),
    ],
  };
}

/** GRPCRoute of the service's own host, or of the shared host where the header names the service. */
export function grpcRoute(host: pulumi.Input<string>, header: string | undefined, target: RouteTarget) {
  const headers =
    header === undefined ? {} : { headers: [{ type: "Exact", name: SERVICE_HEADER, value: header }] };
  const rule = (name: string | undefined, methods: { service: string; method?: string }[]) => ({
    ...(name === undefined ? {} : { name }),
    matches: methods.map((method) => ({ method: { type: "Exact", ...method }, ...headers })),
    filters: [dropHeaders(target.credentialHeaders)],
    backendRefs: backend(target, GRPC_PORT),
  });
  return {
    parentRefs: parents(target),
    hostnames: [host],
    rules: [
      rule(
        undefined,
        [GRPC_INFERENCE_SERVICE, GRPC_HEALTH_SERVICE].map((service) => ({ service })),
      ),
      rule(
        CONTROL_RULE,
        CONTROL_METHODS.map((method) => ({ service: GRPC_INFERENCE_SERVICE, method })),
      ),
    ],
  };
}
