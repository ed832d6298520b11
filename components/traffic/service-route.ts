import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { ownTokens } from "../internal/authentication";
import { serviceLabels } from "../internal/labels";
import { routePolicies } from "../internal/route-policies";
import { grpcRoute, ownHttpRoute, sharedHttpRoute } from "../internal/routes";
import type { TrafficLimits } from "../internal/traffic-policy";
import { Problems } from "../internal/validation";
import type { InferenceService } from "../serving/inference-service";
import { checkAuth } from "./auth-checks";
import type { RouteAuth } from "./auth-settings";
import type { CertificateAuthority } from "./certificate-authority";
import type { GatewayReference } from "./gateway-reference";
import { createAuthentication, type RouteAuthentication } from "./route-security";

/** Inputs of a ServiceRoute. */
export interface ServiceRouteArgs {
  /** The gateway: an ApiGateway, or one of another stack (`existingGateway`). */
  readonly gateway: GatewayReference;
  /** The service, in the gateway's namespace. */
  readonly service: InferenceService;
  /** Who signed the service's certificate: the gateway refuses any other server. */
  readonly authority: Pick<CertificateAuthority, "certificatePem">;
  /**
   * How callers of this service are asked who they are.
   * @default as the gateway has it; tokens, where it is another stack's
   */
  readonly auth?: RouteAuth;
  /**
   * Requests per second that one client address may send on one route, per gateway pod; further ones get 429.
   * @default 500
   */
  readonly requestsPerSecond?: number;
  /**
   * Seconds until the gateway answers 504.
   * @default 60
   */
  readonly requestTimeout?: number;
  /**
   * Requests in flight to the service, per gateway pod; further ones get 503.
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
    const labels = serviceLabels(name);
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
    const policies = routePolicies(name, names, {
      everywhere,
      ownHost: ownHost?.authentication,
      limits,
      cors: gateway.security?.cors,
      clientCertificates: gateway.security?.clientCertificates ?? false,
      maxBodyBytes: gateway.security?.maxBodyBytes,
    });
    const guards = [
      create("backend-tls", api, "BackendTLSPolicy", name, {
        targetRefs: [{ group: "", kind: "Service", name: service.serviceName }],
        validation: {
          caCertificateRefs: [{ group: "", kind: "ConfigMap", name: trust.metadata.name }],
          hostname: service.hostName,
        },
      }),
      ...policies
        .filter(({ forRules }) => !forRules)
        .map((policy) => create(policy.role, envoy, policy.kind, policy.name, policy.spec)),
    ];

    const target = {
      gateway: gateway.gatewayName,
      gatewayNamespace: gateway.namespace,
      service: service.serviceName,
      credentialHeaders: everywhere.credentialHeaders,
    };
    const ownTarget = ownHost
      ? { ...target, credentialHeaders: ownHost.authentication.credentialHeaders }
      : target;
    const models = [...new Set(service.models.map((model) => model.name))].sort();
    this.httpRoutes = [
      create(
        "http-shared",
        api,
        "HTTPRoute",
        names.shared,
        sharedHttpRoute(gateway.host, models, target),
        guards,
      ),
      create(
        "http-own",
        api,
        "HTTPRoute",
        names.own,
        ownHttpRoute(this.host, ownTarget, ownHost?.paths),
        guards,
      ),
    ];
    this.grpcRoutes = [
      create("grpc-shared", api, "GRPCRoute", names.shared, grpcRoute(gateway.host, name, target), guards),
      create("grpc-own", api, "GRPCRoute", names.own, grpcRoute(this.host, undefined, target), guards),
    ];
    const routes = [...this.httpRoutes, ...this.grpcRoutes];
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

/** Name of the routes on the service's own host. */
export function ownRouteName(service: string): string {
  return `${service}-host`;
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
  for (const [field, value] of Object.entries(limits)) {
    problems.check(Number.isInteger(value) && value >= 1, field, `${value} must be a whole number >= 1`);
  }
  if (args.auth !== undefined) checkAuth(args.auth, "auth", problems);
  problems.throwIfAny();
  return limits;
}
