import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { canaryOf, primaryOf } from "../../rollout/flagger-names";
import { ownTokens } from "../internal/authentication";
import { createCanary } from "../internal/flagger-resources";
import { PART_OF, serviceLabels } from "../internal/labels";
import { routePolicies, type GuardedRules } from "../internal/route-policies";
import { CONTROL_RULE, grpcRoute, ownHttpRoute, ownRouteName, sharedHttpRoute } from "../internal/routes";
import { rolloutLabels } from "../internal/slot-labels";
import type { TrafficLimits } from "../internal/traffic-policy";
import { Problems } from "../internal/validation";
import type { InferenceService } from "../serving/inference-service";
import { checkAuth } from "./auth-checks";
import type { RouteAuth } from "./auth-settings";
import type { CertificateAuthority } from "./certificate-authority";
import type { GatewayReference } from "./gateway-reference";
import type { Rollout } from "./rollout";
import { createAuthentication, type RouteAuthentication } from "./route-security";

/** Inputs of a ServiceRoute. */
export interface ServiceRouteArgs {
  /** The gateway: an ApiGateway, or one of another stack (`existingGateway`). */
  readonly gateway: GatewayReference;
  /** The service, in the gateway's namespace; a Rollout, where two slots share its requests. */
  readonly service: InferenceService | Rollout;
  /** Who signed the service's certificate: the gateway refuses any other server. */
  readonly authority: Pick<CertificateAuthority, "certificatePem">;
  /**
   * How callers of this service are asked who they are.
   * @default as the gateway has it; tokens, where it is another stack's
   */
  readonly auth?: RouteAuth;
  /**
   * Requests per second that one client address may send on one route, per gateway pod, at most 4294967295; further ones get 429.
   * @default 500
   */
  readonly requestsPerSecond?: number;
  /**
   * Seconds until the gateway answers 504, at most 99999.
   * @default 60
   */
  readonly requestTimeout?: number;
  /**
   * Requests in flight to the service, per gateway pod, at most 4294967295; further ones get 503.
   * @default 1024
   */
  readonly maxParallelRequests?: number;
}

/** Defaults; a test ties each to its `@default` above. */
export const ROUTE_DEFAULTS: TrafficLimits = {
  requestsPerSecond: 500,
  requestTimeout: 60,
  maxParallelRequests: 1024,
};

/** Envoy counts in 32 bits, and Gateway API writes durations with five digits. */
const MOST: TrafficLimits = {
  requestsPerSecond: 2 ** 32 - 1,
  requestTimeout: 99_999,
  maxParallelRequests: 2 ** 32 - 1,
};

/**
 * A service's way through the gateway: its models on the shared host, the whole protocol on a host of its own, REST and
 * gRPC on the same port. Every policy exists before the route that it guards, and goes after it; those
 * for single rules of a route follow it.
 *
 * @example
 * const authority = new CertificateAuthority("authority");
 * const tokens = new TokenAuthority("tokens", { issuer: "https://models.example.com" });
 * const gateway = new ApiGateway("front", { namespace: "models", authority, tokens });
 * export const route = (service: InferenceService, key: pulumi.Output<string>) =>
 *   new ServiceRoute("text", { gateway, service, authority, auth: { apiKeys: { clients: { ci: { key } } } } });
 */
export class ServiceRoute extends pulumi.ComponentResource {
  /** The service's own host. */
  readonly host: pulumi.Output<string>;
  readonly httpRoutes: readonly CustomResource[];
  readonly grpcRoutes: readonly CustomResource[];

  constructor(name: string, args: ServiceRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ServiceRoute", name, {}, opts);
    const limits = resolveLimits(name, args);
    const { gateway, service } = args;
    const namespace = service.namespace;
    const slots = "routing" in service ? service.routing : undefined;
    const delivery = "delivery" in service ? service.delivery : undefined;
    const labels = { ...serviceLabels(name), ...(slots || delivery ? rolloutLabels(name) : {}) };
    const names = { shared: name, own: ownRouteName(name) };
    this.host = pulumi.interpolate`${name}.${gateway.host}`;

    const create = (
      role: string,
      apiVersion: string,
      kind: string,
      objectName: string,
      spec: object,
      dependsOn: pulumi.Resource[] = [],
    ) =>
      new CustomResource(
        `${name}-${role}`,
        { apiVersion, kind, metadata: { name: objectName, namespace, labels }, spec },
        { parent: this, dependsOn },
      );
    const envoy = "gateway.envoyproxy.io/v1alpha1";
    const api = "gateway.networking.k8s.io/v1";

    // No name: with a fixed one a change would delete it before the new one is there.
    const trust = new ConfigMap(
      `${name}-ca`,
      {
        metadata: { namespace, labels },
        data: { "ca.crt": args.authority.certificatePem },
      },
      { parent: this },
    );
    const { everywhere, ownHost } = this.authentication(name, args);
    const target = {
      gateway: gateway.gatewayName,
      gatewayNamespace: gateway.namespace,
      service: service.serviceName,
      slots,
      credentialHeaders: everywhere.credentialHeaders,
    };
    const ownTarget = ownHost
      ? { ...target, credentialHeaders: ownHost.authentication.credentialHeaders }
      : target;
    const models = [...new Set(service.models.map((model) => model.name))].sort();
    const ownRoute = ownHttpRoute(this.host, ownTarget, ownHost?.paths);
    const policies = routePolicies(
      name,
      names,
      {
        everywhere,
        ownHost: ownHost?.authentication,
        limits,
        cors: gateway.security?.cors,
        clientCertificates: gateway.security?.clientCertificates ?? false,
        maxBodyBytes: gateway.security?.maxBodyBytes,
      },
      slots && guardedRules(ownRoute.rules),
    );
    // One for all slots: what Envoy knows of a server's certificate stays the same when requests move from one to another.
    const services = slots
      ? slots.backends.map((backend) => backend.service)
      : [service.serviceName, ...(delivery ? [primaryOf(name), canaryOf(name)] : [])];
    const guards = [
      create("backend-tls", api, "BackendTLSPolicy", name, {
        targetRefs: services.map((one) => ({ group: "", kind: "Service", name: one })),
        validation: {
          caCertificateRefs: [{ group: "", kind: "ConfigMap", name: trust.metadata.name }],
          hostname: service.hostName,
        },
      }),
      ...policies
        .filter(({ forRules }) => !forRules)
        .map((policy) => create(policy.role, envoy, policy.kind, policy.name, policy.spec)),
    ];

    // Flagger makes a route of the same name itself, which the same policies guard. On the service's own host it has the paths of the
    // models too, unless people sign in there: those have policies of their own, by the names of rules that Flagger does not give.
    const shared = delivery
      ? createCanary(
          { name, namespace, labels },
          delivery,
          {
            ...target,
            hosts: ownHost ? [gateway.host] : [gateway.host, this.host],
            models,
            routeLabels: { ...PART_OF, ...rolloutLabels(name) },
            serviceLabels: labels,
          },
          { parent: this, dependsOn: guards },
        )
      : create(
          "http-shared",
          api,
          "HTTPRoute",
          names.shared,
          sharedHttpRoute(gateway.host, models, target),
          guards,
        );
    this.httpRoutes = [
      ...(delivery ? [] : [shared]),
      create("http-own", api, "HTTPRoute", names.own, ownRoute, guards),
    ];
    this.grpcRoutes = [
      create("grpc-shared", api, "GRPCRoute", names.shared, grpcRoute(gateway.host, name, target), guards),
      create("grpc-own", api, "GRPCRoute", names.own, grpcRoute(this.host, undefined, target), guards),
    ];
    const routes = [shared, ...this.httpRoutes.filter((route) => route !== shared), ...this.grpcRoutes];
    for (const { role, kind, name: objectName, spec } of policies.filter(({ forRules }) => forRules)) {
      create(role, envoy, kind, objectName, spec, routes);
    }
    this.registerOutputs({ host: this.host });
  }

  private authentication(name: string, { auth, gateway, service }: ServiceRouteArgs): RouteAuthentication {
    const { tokens, security } = gateway;
    if (auth) {
      const context = { namespace: service.namespace, labels: serviceLabels(name), tokens };
      return createAuthentication(name, auth, context, this);
    }
    return security?.authentication ?? { everywhere: ownTokens(tokens) };
  }
}

/** The rules of a rollout that have policies of their own; every other one has those of its route. */
function guardedRules(own: readonly { readonly name?: string }[]): GuardedRules {
  const signIn = own.map(({ name }) => name!);
  return { control: signIn.filter((name) => name.split("-")[0] === CONTROL_RULE), signIn };
}

/**
 * Fills in the defaults and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveLimits(
  name: string,
  args: Partial<TrafficLimits> & Pick<ServiceRouteArgs, "auth">,
): TrafficLimits {
  const limits: TrafficLimits = {
    requestsPerSecond: args.requestsPerSecond ?? ROUTE_DEFAULTS.requestsPerSecond,
    requestTimeout: args.requestTimeout ?? ROUTE_DEFAULTS.requestTimeout,
    maxParallelRequests: args.maxParallelRequests ?? ROUTE_DEFAULTS.maxParallelRequests,
  };
  const problems = new Problems("ServiceRoute", name);
  for (const field of Object.keys(MOST) as (keyof TrafficLimits)[]) {
    const value = limits[field];
    problems.check(Number.isInteger(value) && value >= 1, field, `${value} must be a whole number >= 1`);
    problems.check(!(value > MOST[field]), field, `${value} must be at most ${MOST[field]}`);
  }
  if (args.auth !== undefined) checkAuth(args.auth, "auth", problems);
  problems.throwIfAny();
  return limits;
}
