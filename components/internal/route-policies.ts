import {
  grpcSecurityPolicy,
  httpSecurityPolicy,
  type Authentication,
  type PolicyExtras,
} from "./authorization";
import { corsSpec, type CorsRules } from "./cors";
import { CONTROL_RULE, SIGN_IN_RULES } from "./routes";
import { backendTrafficPolicy, type TrafficLimits } from "./traffic-policy";

/** A policy of Envoy Gateway's for a service's routes. */
export interface RoutePolicy {
  /** What it is for, as its resource is named. */
  readonly role: string;
  readonly kind: "SecurityPolicy" | "BackendTrafficPolicy";
  readonly name: string;
  readonly spec: object;
  /**
   * Whether it is for single rules of a route, and then takes the place of the route's policy there. It is made once the route is
   * there, since it is refused where there is no rule of the name; until then the route's own policy guards.
   */
  readonly forRules: boolean;
}

/** What a service's routes are guarded with. */
export interface RouteGuards {
  readonly everywhere: Authentication;
  /** On the service's own host over HTTP, where that differs. */
  readonly ownHost: Authentication | undefined;
  readonly limits: TrafficLimits;
  readonly cors: CorsRules | undefined;
  readonly clientCertificates: boolean;
  readonly maxBodyBytes: number | undefined;
}

/** Names of the rules that have policies of their own. */
export interface GuardedRules {
  /** Those of calls that must not be repeated: of the HTTPRoute of the service's own host, and of both GRPCRoutes. */
  readonly control: readonly string[];
  /** All of the HTTPRoute of the service's own host, where people can sign in. */
  readonly signIn: readonly string[];
}

const PLAIN_RULES: GuardedRules = { control: [CONTROL_RULE], signIn: SIGN_IN_RULES };

/** All policies of a service: each of its routes is named by one that is complete. */
export function routePolicies(
  service: string,
  routes: { readonly shared: string; readonly own: string },
  { everywhere, ownHost, limits, cors, clientCertificates, maxBodyBytes }: RouteGuards,
  rules: GuardedRules = PLAIN_RULES,
): RoutePolicy[] {
  const both = [routes.shared, routes.own];
  const extras = ({ credentialHeaders }: Authentication): PolicyExtras => ({
    clientCertificates,
    cors: cors && corsSpec(cors, credentialHeaders),
  });
  const security = (role: string, suffix: string, spec: object): RoutePolicy => ({
    role,
    kind: "SecurityPolicy",
    name: `${service}-${suffix}`,
    spec,
    forRules: false,
  });
  const traffic = (role: string, suffix: string, spec: object): RoutePolicy => ({
    role,
    kind: "BackendTrafficPolicy",
    name: `${service}-${suffix}`,
    spec,
    forRules: role.endsWith("-control"),
  });
  const policies = [
    security("http-auth", "http", httpSecurityPolicy(both, everywhere, extras(everywhere))),
    security("grpc-auth", "grpc", grpcSecurityPolicy(both, everywhere, extras(everywhere))),
    traffic("http-traffic", "http", backendTrafficPolicy("HTTPRoute", both, limits, { maxBodyBytes })),
    traffic("grpc-traffic", "grpc", backendTrafficPolicy("GRPCRoute", both, limits)),
    traffic(
      "http-control",
      "http-control",
      backendTrafficPolicy("HTTPRoute", [routes.own], limits, { rule: rules.control, maxBodyBytes }),
    ),
    traffic(
      "grpc-control",
      "grpc-control",
      backendTrafficPolicy("GRPCRoute", both, limits, { rule: rules.control }),
    ),
  ];
  if (ownHost === undefined) return policies;
  const signIn = httpSecurityPolicy([routes.own], ownHost, { ...extras(ownHost), rules: rules.signIn });
  return [...policies, { ...security("sign-in-auth", "sign-in", signIn), forRules: true }];
}
