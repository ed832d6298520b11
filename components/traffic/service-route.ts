import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { grpcSecurityPolicy, httpSecurityPolicy } from "../internal/authorization";
import { serviceLabels } from "../internal/labels";
import { grpcRoute, ownHttpRoute, sharedHttpRoute } from "../internal/routes";
import { backendTrafficPolicy, type TrafficLimits } from "../internal/traffic-policy";
import { Problems } from "../internal/validation";
import type { InferenceService } from "../serving/inference-service";
import type { ApiGateway } from "./api-gateway";
import type { CertificateAuthority } from "./certificate-authority";

/** Inputs of a ServiceRoute. */
export interface ServiceRouteArgs {
  readonly gateway: ApiGateway;
  /** The service, in the gateway's namespace. */
  readonly service: InferenceService;
  /** Who signed the service's certificate: the gateway refuses any other server. */
  readonly authority: CertificateAuthority;
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
 * gRPC on the same port. Every policy exists before the route that it guards, and goes after it.
 */
export class ServiceRoute extends pulumi.ComponentResource {
  /** The service's own host. */
  readonly host: string;
  readonly httpRoutes: readonly CustomResource[];
  readonly grpcRoutes: readonly CustomResource[];

  constructor(name: string, args: ServiceRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ServiceRoute", name, {}, opts);
    const limits = resolveLimits(name, args);
    const { gateway, service } = args;
    const namespace = service.namespace;
    const labels = serviceLabels(name);
    const names = { shared: name, own: ownRouteName(name) };
    const http = [names.shared, names.own];
    this.host = `${name}.${gateway.host}`;

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
    const guards = [
      create("backend-tls", api, "BackendTLSPolicy", name, {
        targetRefs: [{ group: "", kind: "Service", name: service.serviceName }],
        validation: {
          caCertificateRefs: [{ group: "", kind: "ConfigMap", name: trust.metadata.name }],
          hostname: service.hostName,
        },
      }),
      create("http-auth", envoy, "SecurityPolicy", `${name}-http`, httpSecurityPolicy(http, gateway.tokens)),
      create("grpc-auth", envoy, "SecurityPolicy", `${name}-grpc`, grpcSecurityPolicy(http, gateway.tokens)),
      create(
        "http-traffic",
        envoy,
        "BackendTrafficPolicy",
        `${name}-http`,
        backendTrafficPolicy("HTTPRoute", http, limits),
      ),
      create(
        "grpc-traffic",
        envoy,
        "BackendTrafficPolicy",
        `${name}-grpc`,
        backendTrafficPolicy("GRPCRoute", http, limits),
      ),
    ];

    const target = {
      gateway: gateway.gatewayName,
      gatewayNamespace: gateway.namespace,
      service: service.serviceName,
    };
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
      create("http-own", api, "HTTPRoute", names.own, ownHttpRoute(this.host, target), guards),
    ];
    this.grpcRoutes = [
      create("grpc-shared", api, "GRPCRoute", names.shared, grpcRoute(gateway.host, name, target), guards),
      create("grpc-own", api, "GRPCRoute", names.own, grpcRoute(this.host, undefined, target), guards),
    ];
    this.registerOutputs({ host: this.host });
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
export function resolveLimits(name: string, args: Partial<TrafficLimits>): TrafficLimits {
  const limits: TrafficLimits = {
    requestsPerSecond: args.requestsPerSecond ?? ROUTE_DEFAULTS.requestsPerSecond,
    requestTimeout: args.requestTimeout ?? ROUTE_DEFAULTS.requestTimeout,
    maxParallelRequests: args.maxParallelRequests ?? ROUTE_DEFAULTS.maxParallelRequests,
  };
  const problems = new Problems("ServiceRoute", name);
  for (const [field, value] of Object.entries(limits)) {
    problems.check(Number.isInteger(value) && value >= 1, field, `${value} must be a whole number >= 1`);
  }
  problems.throwIfAny();
  return limits;
}
