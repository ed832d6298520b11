import type * as pulumi from "@pulumi/pulumi";
import {
  GRPC_HEALTH_SERVICE,
  GRPC_INFERENCE_SERVICE,
  GRPC_PORT,
  HTTP_PORT,
  MODELS_PATH,
} from "../../runtime/contract";
import {
  backendRef,
  slotRules,
  variantsOf,
  type PlainRule,
  type RouteRule,
  type RuleMatch,
  type SlotRouting,
} from "./slot-rules";

/** A request header (or gRPC metadata) that chooses a service on the shared host, where no path can. */
const SERVICE_HEADER = "slipway-service";

/** Where a route hangs, and what it leads to. */
export interface RouteTarget {
  readonly gateway: pulumi.Input<string>;
  readonly gatewayNamespace: pulumi.Input<string>;
  readonly service: pulumi.Input<string>;
  /** The Services in its place, where a rollout shares the requests. */
  readonly slots?: SlotRouting | undefined;
  /** Request headers with credentials, which end at the gateway. */
  readonly credentialHeaders: readonly string[];
}

/** The rules of a route: to the one service, or to its slots. */
function rulesOf<M extends RuleMatch>(
  rules: readonly PlainRule<M>[],
  { service, slots }: RouteTarget,
  protocol: "http" | "grpc",
  fixed: readonly RouteRule<M>[] = [],
): RouteRule<M>[] {
  if (slots !== undefined) return slotRules(rules, slots, protocol, fixed);
  return rules.map(({ name, matches, filters, port }) => ({
    ...(name === undefined ? {} : { name }),
    matches,
    filters,
    backendRefs: [backendRef(service, port, 1)],
  }));
}

interface PathMatch extends RuleMatch {
  readonly path: { readonly type: string; readonly value: string };
}

/** The rules of an HTTPRoute, and those for the paths of versions that one slot alone has. */
function httpRules(rules: readonly PlainRule<PathMatch>[], target: RouteTarget): RouteRule<PathMatch>[] {
  const versions = (target.slots?.backends ?? []).flatMap(({ slot, service, only }) => {
    if (only.length === 0) return [];
    return {
      name: `version-${slot}`,
      matches: only.map(({ name, version }) => ({
        path: { type: "PathPrefix", value: `${MODELS_PATH}/${name}/versions/${version}` },
      })),
      filters: [dropHeaders(target.credentialHeaders)],
      backendRefs: [backendRef(service, HTTP_PORT, 1)],
    };
  });
  return rulesOf(rules, target, "http", versions);
}

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

/** The same for a rollout, which has several rules for each model; all of them in one rule of each kind. */
export function mostModelsOfRollout(strategy: { readonly match: boolean; readonly sticky: boolean }): number {
  return Math.min(MATCHES_PER_RULE, Math.floor(MOST_MODELS / variantsOf(strategy)));
}

/** Name of the routes on the service's own host; those on the shared one have the service's. */
export function ownRouteName(service: string): string {
  return `${service}-host`;
}

/** HTTPRoute of the shared host: every model of the service by its path. */
export function sharedHttpRoute(host: pulumi.Input<string>, models: readonly string[], target: RouteTarget) {
  const matches = models.map((model) => ({ path: { type: "PathPrefix", value: `${MODELS_PATH}/${model}` } }));
  const count = Math.ceil(matches.length / MATCHES_PER_RULE);
  const rules = Array.from({ length: count }, (_, i) => ({
    matches: matches.slice(i * MATCHES_PER_RULE, (i + 1) * MATCHES_PER_RULE),
    filters: [dropHeaders(target.credentialHeaders)],
    port: HTTP_PORT,
    role: "traffic" as const,
  }));
  return { parentRefs: parents(target), hostnames: [host], rules: httpRules(rules, target) };
}

/** HTTPRoute of the service's own host: the whole protocol, and the paths of a sign-in, if there is one. */
export function ownHttpRoute(
  host: pulumi.Input<string>,
  target: RouteTarget,
  signInPaths: readonly string[] = [],
) {
  const rule = (
    role: PlainRule["role"],
    name: string | undefined,
    matches: { path: { type: string; value: string } }[],
  ) => ({
    ...(name === undefined ? {} : { name }),
    matches,
    filters: [dropHeaders(target.credentialHeaders)],
    port: HTTP_PORT,
    role,
  });
  const path = (type: string, value: string) => ({ path: { type, value } });
  const [protocol, , signIn] = SIGN_IN_RULES;
  const rules = [
    rule("traffic", signInPaths.length === 0 ? undefined : protocol, [path("PathPrefix", "/v2")]),
    rule("control", CONTROL_RULE, [path("PathPrefix", CONTROL_PATH)]),
    ...(signInPaths.length === 0
      ? []
      : [
          rule(
            "gateway",
            signIn,
            signInPaths.map((value) => path("Exact", value)),
          ),
        ]),
  ];
  return { parentRefs: parents(target), hostnames: [host], rules: httpRules(rules, target) };
}

/** GRPCRoute of the service's own host, or of the shared host where the header names the service. */
export function grpcRoute(host: pulumi.Input<string>, header: string | undefined, target: RouteTarget) {
  const headers =
    header === undefined ? {} : { headers: [{ type: "Exact", name: SERVICE_HEADER, value: header }] };
  const rule = (
    role: PlainRule["role"],
    name: string | undefined,
    methods: { service: string; method?: string }[],
  ) => ({
    ...(name === undefined ? {} : { name }),
    matches: methods.map((method) => ({ method: { type: "Exact", ...method }, ...headers })),
    filters: [dropHeaders(target.credentialHeaders)],
    port: GRPC_PORT,
    role,
  });
  const rules = [
    rule(
      "traffic",
      undefined,
      [GRPC_INFERENCE_SERVICE, GRPC_HEALTH_SERVICE].map((service) => ({ service })),
    ),
    rule(
      "control",
      CONTROL_RULE,
      CONTROL_METHODS.map((method) => ({ service: GRPC_INFERENCE_SERVICE, method })),
    ),
  ];
  return { parentRefs: parents(target), hostnames: [host], rules: rulesOf(rules, target, "grpc") };
}
