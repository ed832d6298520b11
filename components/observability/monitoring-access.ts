import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import type { Authentication } from "../internal/authorization";
import { PART_OF } from "../internal/labels";
import {
  ACCESS_RULES,
  TLS_PORT,
  accessPolicy,
  accessRoute,
  backendTls,
  proxyConfig,
  tlsSidecar,
} from "../internal/monitoring-access";
import { peer } from "../internal/network-policy";
import type { Sidecar } from "../internal/prometheus";
import { backendTrafficPolicy } from "../internal/traffic-policy";
import { createAuthentication } from "../traffic/route-security";
import type { CertificateAuthority } from "../traffic/certificate-authority";
import type { GatewayReference } from "../traffic/gateway-reference";
import { ServerCertificate } from "../traffic/server-certificate";
import { ACCESS_DEFAULTS, type MonitoringAccess } from "./monitoring-access-settings";

const ENVOY = "gateway.envoyproxy.io/v1alpha1";
const GATEWAY_API = "gateway.networking.k8s.io/v1";

/** People look at pages of many small requests, and guess no password of twenty characters at this rate. */
const LIMITS = { requestsPerSecond: 50, requestTimeout: 120, maxParallelRequests: 128 };

type Server = keyof typeof ACCESS_RULES;

interface Backend {
  readonly service: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  readonly port: number;
  readonly hostName: pulumi.Input<string>;
  /** PEM. */
  readonly authorities: pulumi.Input<string>;
  /** What has to be there before requests come. */
  readonly ready: pulumi.Resource;
}

/** The way through the gateway to the monitoring's servers. */
export class AccessRoutes {
  /** Address of each server that has one. */
  readonly addresses: Partial<Record<Server, pulumi.Output<string>>> = {};
  private readonly authentication: Authentication;

  constructor(
    private readonly name: string,
    private readonly access: MonitoringAccess,
    private readonly gateway: GatewayReference,
    private readonly authority: CertificateAuthority,
    private readonly parent: pulumi.Resource,
  ) {
    const { everywhere, ownHost } = createAuthentication(
      `${name}-access`,
      access.auth,
      { namespace: gateway.namespace, tokens: gateway.tokens, labels: { ...PART_OF } },
      parent,
    );
    this.authentication = ownHost?.authentication ?? everywhere;
  }

  /** Where people reach a server. */
  hostOf(server: Server): pulumi.Output<string> {
    return pulumi.interpolate`${server}.${this.access.host ?? this.gateway.host}`;
  }

  /** The same as an address. */
  addressOf(server: Server): pulumi.Output<string> {
    const { port = ACCESS_DEFAULTS.port } = this.access;
    const ending = port === ACCESS_DEFAULTS.port ? "" : `:${port}`;
    return pulumi.interpolate`https://${this.hostOf(server)}${ending}`;
  }

  /** The container that speaks TLS for a server that does not. */
  sidecar(server: Server, service: string, namespace: pulumi.Input<string>, serverPort: number): Sidecar {
    const options = { parent: this.parent };
    const certificate = new ServerCertificate(
      `${this.name}-${server}-tls`,
      {
        authority: this.authority,
        namespace,
        dnsNames: [pulumi.interpolate`${service}.${namespace}.svc`],
      },
      options,
    );
    const config = new ConfigMap(
      `${this.name}-${server}-proxy`,
      // No name: a new configuration is a new object, and the pods change over to it.
      { metadata: { namespace, labels: { ...PART_OF } }, data: { "envoy.json": proxyConfig(serverPort) } },
      options,
    );
    return tlsSidecar(this.access.proxyImage, certificate.secretName, config.metadata.name);
  }

  /** Opens the way to a server of this monitoring's. */
  open(
    server: "prometheus" | "alertmanager",
    service: string,
    namespace: pulumi.Input<string>,
    ready: pulumi.Resource,
  ): void {
    this.route(server, {
      service,
      namespace,
      port: TLS_PORT,
      hostName: pulumi.interpolate`${service}.${namespace}.svc`,
      authorities: this.authority.certificatePem,
      ready,
    });
  }

  /** Opens the way to the Grafana that is there already, if there is one. */
  openGrafana(): void {
    const { grafana } = this.access;
    if (grafana === undefined) return;
    const { service, namespace, pods } = grafana;
    if (pods) {
      new NetworkPolicy(
        `${this.name}-grafana-flows`,
        {
          metadata: { name: `${this.name}-grafana`, namespace, labels: { ...PART_OF } },
          spec: {
            podSelector: { matchLabels: { ...pods.podLabels } },
            policyTypes: ["Ingress"],
            ingress: [{ from: [peer(this.gateway.proxies)], ports: [{ protocol: "TCP", port: pods.port }] }],
          },
        },
        { parent: this.parent },
      );
    }
    this.route("grafana", {
      service,
      namespace,
      port: grafana.port ?? ACCESS_DEFAULTS.port,
      hostName: grafana.hostName ?? `${service}.${namespace}.svc`,
      authorities: grafana.caCertificates,
      ready: this.parent,
    });
  }

  /** Every policy is there before the route that it guards, and goes after it. */
  private route(server: Server, backend: Backend): void {
    const { gateway, name } = this;
    const labels = { ...PART_OF };
    const create = (
      role: string,
      apiVersion: string,
      kind: string,
      metadata: { readonly name: string; readonly namespace: pulumi.Input<string> },
      spec: object,
      dependsOn: readonly pulumi.Resource[] = [],
    ) =>
      new CustomResource(
        `${name}-${server}-${role}`,
        { apiVersion, kind, metadata: { ...metadata, labels }, spec },
        { parent: this.parent, dependsOn: [...dependsOn] },
      );
    // With a dot: no service, whose routes are named after it, can have the name.
    const route = `${server}.${name}`;
    const atGateway = { name: route, namespace: gateway.namespace };
    const atBackend = { name: route, namespace: backend.namespace };
    const trust = new ConfigMap(
      `${name}-${server}-ca`,
      { metadata: { namespace: backend.namespace, labels }, data: { "ca.crt": backend.authorities } },
      { parent: this.parent },
    );
    // Who acts as a user of Grafana is known by its own cookie.
    const dropped = this.authentication.credentialHeaders.filter(
      (header) => server !== "grafana" || header !== "Cookie",
    );
    const { retry: _repeated, ...limits } = backendTrafficPolicy("HTTPRoute", [route], LIMITS);
    const mutual = gateway.security?.clientCertificates ?? false;
    const guards = [
      create(
        "auth",
        ENVOY,
        "SecurityPolicy",
        atGateway,
        accessPolicy(route, this.authentication, ACCESS_RULES[server], mutual),
      ),
      create("limits", ENVOY, "BackendTrafficPolicy", atGateway, limits),
      create(
        "backend-tls",
        GATEWAY_API,
        "BackendTLSPolicy",
        atBackend,
        backendTls(backend.service, trust.metadata.name, backend.hostName),
      ),
      create("grant", "gateway.networking.k8s.io/v1beta1", "ReferenceGrant", atBackend, {
        from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: gateway.namespace }],
        to: [{ group: "", kind: "Service", name: backend.service }],
      }),
    ];
    create(
      "route",
      GATEWAY_API,
      "HTTPRoute",
      atGateway,
      accessRoute(
        { name: gateway.gatewayName, namespace: gateway.namespace },
        this.hostOf(server),
        { name: backend.service, namespace: backend.namespace, port: backend.port },
        dropped,
      ),
      [...guards, ...(backend.ready === this.parent ? [] : [backend.ready])],
    );
    this.addresses[server] = this.addressOf(server);
  }
}
