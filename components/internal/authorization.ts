import type * as pulumi from "@pulumi/pulumi";
import { GRPC_HEALTH_SERVICE, GRPC_INFERENCE_SERVICE } from "../../runtime/contract";

/** What tokens a route accepts. */
export interface TokenRules {
  readonly issuer: pulumi.Input<string>;
  readonly audience: pulumi.Input<string>;
  /** JSON Web Key Set. */
  readonly jwks: pulumi.Input<string>;
}

/** Callers, as an authorization rule tells them apart once their credentials have been checked. */
export type Principal =
  | { readonly jwt: Readonly<Record<string, unknown>> }
  | { readonly headers: readonly { readonly name: string; readonly values: readonly string[] }[] };

/** How routes ask callers who they are, and who may then do what. */
export interface Authentication {
  /** Its part of a SecurityPolicy: everything that a request needs to get past the check. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** Who may what; where nobody may, there is no rule, and the request is denied. */
  readonly callers: {
    readonly admin?: Principal | undefined;
    readonly infer?: Principal | undefined;
    /** Everybody who passed the check. */
    readonly any: Principal;
  };
  /** Request headers with credentials that no server need see. */
  readonly credentialHeaders: readonly string[];
}

/** What else a route's policy has to carry, since it replaces the gateway's. */
export interface PolicyExtras {
  /** Whether requests must have come over a connection with a client certificate. */
  readonly clientCertificates?: boolean | undefined;
  /** The policy's `cors`; for HTTP alone. */
  readonly cors?: object | undefined;
  /** Names of the routes' rules that it is for; undefined for all of them. */
  readonly rules?: readonly string[] | undefined;
}

/** One of the gateway's authorization rules; the first that matches decides, and nothing is allowed by default. */
interface AllowRule {
  name: string;
  action: "Allow";
  operation?: { methods: string[]; path?: { type: string; value: string } };
  principal: Principal;
  cel?: string;
}

/** Model names and versions, as the repository allows them: what cannot be a name can never reach the server's router. */
const SEGMENT = "[A-Za-z0-9._-]+";
/** Envoy matches the path with its query. */
const QUERY = "(\\?.*)?";
const INFER_PATH = `/v2/models/${SEGMENT}(/versions/${SEGMENT})?/(infer|generate|generate_stream|feedback)${QUERY}`;

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

/** Holds on connections alone whose client has shown a certificate, which the listener has verified. */
export const HAS_CLIENT_CERTIFICATE = "connection.mtls";

function policySpec(
  kind: "HTTPRoute" | "GRPCRoute",
  routes: readonly pulumi.Input<string>[],
  { spec, callers }: Authentication,
  { clientCertificates, cors, rules: sections }: PolicyExtras,
  operations: { infer: AllowRule["operation"]; read: AllowRule["operation"] },
) {
  const allow = (name: string, principal: Principal | undefined, operation?: AllowRule["operation"]) =>
    principal === undefined
      ? []
      : [
          {
            name,
            action: "Allow" as const,
            ...(operation === undefined ? {} : { operation }),
            principal,
            ...(clientCertificates ? { cel: HAS_CLIENT_CERTIFICATE } : {}),
          },
        ];
  const rules: AllowRule[] = [
    ...allow("admin", callers.admin),
    ...allow("infer", callers.infer, operations.infer),
    ...allow("read", callers.any, operations.read),
  ];
  return {
    targetRefs: routes.flatMap((name) => {
      const target = { group: "gateway.networking.k8s.io", kind, name };
      return sections === undefined ? [target] : sections.map((sectionName) => ({ ...target, sectionName }));
    }),
    ...(cors === undefined ? {} : { cors }),
    ...spec,
    authorization: { defaultAction: "Deny", rules },
  };
}

/**
 * SecurityPolicy for a service's HTTPRoutes: `admin` may everything, `infer` may infer, whoever passed the check may read. It
 * names the routes themselves and is complete, since a route's own policy replaces the gateway's (envoyproxy/gateway#8781).
 */
export function httpSecurityPolicy(
  routes: readonly pulumi.Input<string>[],
  authentication: Authentication,
  extras: PolicyExtras = {},
) {
  return policySpec("HTTPRoute", routes, authentication, extras, {
    infer: { methods: ["POST"], path: { type: "RegularExpression", value: INFER_PATH } },
    read: { methods: ["GET", "HEAD"] },
  });
}

/** Path of one of a gRPC service's methods. */
const grpcPath = (service: string, methods: readonly string[]): string =>
  `/${service.replaceAll(".", "\\.")}/(${methods.join("|")})`;

/** The same for GRPCRoutes, where the method is the path. */
export function grpcSecurityPolicy(
  routes: readonly pulumi.Input<string>[],
  authentication: Authentication,
  { clientCertificates }: PolicyExtras = {},
) {
  const infer = grpcPath(GRPC_INFERENCE_SERVICE, INFER_METHODS);
  const read = [
    grpcPath(GRPC_INFERENCE_SERVICE, READ_METHODS),
    grpcPath(GRPC_HEALTH_SERVICE, ["Check", "Watch"]),
  ];
  const operation = (value: string) => ({ methods: ["POST"], path: { type: "RegularExpression", value } });
  return policySpec(
    "GRPCRoute",
    routes,
    authentication,
    { clientCertificates },
    { infer: operation(infer), read: operation(read.join("|")) },
  );
}
