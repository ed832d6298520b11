import type * as pulumi from "@pulumi/pulumi";
import { GRPC_HEALTH_SERVICE, GRPC_INFERENCE_SERVICE } from "../../runtime/contract";

/** What tokens a route accepts. */
export interface TokenRules {
  readonly issuer: pulumi.Input<string>;
  readonly audience: pulumi.Input<string>;
  /** JSON Web Key Set. */
  readonly jwks: pulumi.Input<string>;
}

/** One of the gateway's authorization rules; the first that matches decides, and nothing is allowed by default. */
interface AllowRule {
  name: string;
  action: "Allow";
  operation?: { methods: string[]; path?: { type: string; value: string } };
  principal: { jwt: Record<string, unknown> };
}

const PROVIDER = "slipway";

/** Model names and versions, as the repository allows them: what cannot be a name can never reach the server's router. */
const SEGMENT = "[A-Za-z0-9._-]+";
/** Envoy matches the path with its query. */
const QUERY = "(\\?.*)?";
const INFER_PATH = `/v2/models/${SEGMENT}(/versions/${SEGMENT})?/(infer|generate|generate_stream)${QUERY}`;

const INFER_METHODS = ["ModelInfer", "ModelStreamInfer"];
const READ_METHODS = [
  "ServerLive",
  "ServerReady",
  "ModelReady",
  "ServerMetadata",
  "ModelMetadata",
  "ModelConfig",
  "ModelStatistics",
];

const withScope = (scope: string): AllowRule["principal"] => ({
  jwt: { provider: PROVIDER, scopes: [scope] },
});

/** Any token that passed the check: Envoy Gateway has no rule without a claim, and the issuer is in every token. */
const withAnyToken = (rules: TokenRules): AllowRule["principal"] => ({
  jwt: { provider: PROVIDER, claims: [{ name: "iss", valueType: "String", values: [rules.issuer] }] },
});

function policySpec(
  kind: string,
  routes: readonly pulumi.Input<string>[],
  rules: TokenRules,
  allow: AllowRule[],
) {
  return {
    targetRefs: routes.map((name) => ({ group: "gateway.networking.k8s.io", kind, name })),
    jwt: {
      providers: [
        {
          name: PROVIDER,
          issuer: rules.issuer,
          audiences: [rules.audience],
          localJWKS: { type: "Inline", inline: rules.jwks },
          // Only the header: by default a token in the query would do too, and queries end up in access logs.
          extractFrom: { headers: [{ name: "Authorization", valuePrefix: "Bearer " }] },
        },
      ],
    },
    authorization: { defaultAction: "Deny", rules: allow },
  };
}

/**
 * SecurityPolicy for a service's HTTPRoutes: `admin` may everything, `infer` may infer, any valid token may read. It names
 * the routes themselves, since a route's own policy replaces the gateway's (envoyproxy/gateway#8781).
 */
export function httpSecurityPolicy(routes: readonly pulumi.Input<string>[], rules: TokenRules) {
  return policySpec("HTTPRoute", routes, rules, [
    { name: "admin", action: "Allow", principal: withScope("admin") },
    {
      name: "infer",
      action: "Allow",
      operation: { methods: ["POST"], path: { type: "RegularExpression", value: INFER_PATH } },
      principal: withScope("infer"),
    },
    {
      name: "read",
      action: "Allow",
      operation: { methods: ["GET", "HEAD"] },
      principal: withAnyToken(rules),
    },
  ]);
}

/** Path of one of a gRPC service's methods. */
const grpcPath = (service: string, methods: readonly string[]): string =>
  `/${service.replaceAll(".", "\\.")}/(${methods.join("|")})`;

/** The same for GRPCRoutes, where the method is the path. */
export function grpcSecurityPolicy(routes: readonly pulumi.Input<string>[], rules: TokenRules) {
  const infer = grpcPath(GRPC_INFERENCE_SERVICE, INFER_METHODS);
  const read = [
    grpcPath(GRPC_INFERENCE_SERVICE, READ_METHODS),
    grpcPath(GRPC_HEALTH_SERVICE, ["Check", "Watch"]),
  ];
  const operation = (value: string) => ({ methods: ["POST"], path: { type: "RegularExpression", value } });
  return policySpec("GRPCRoute", routes, rules, [
    { name: "admin", action: "Allow", principal: withScope("admin") },
    { name: "infer", action: "Allow", operation: operation(infer), principal: withScope("infer") },
    { name: "read", action: "Allow", operation: operation(read.join("|")), principal: withAnyToken(rules) },
  ]);
}
