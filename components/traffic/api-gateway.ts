import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";
import { envoyProxySpec } from "../internal/envoy-proxy";
import { PART_OF } from "../internal/labels";
import type { Peer } from "../internal/network-policy";
import { clientTrafficPolicy } from "../internal/traffic-policy";
import type { CertificateAuthority } from "./certificate-authority";
import { resolveGateway, type GatewaySettings } from "./gateway-settings";
import { ServerCertificate } from "./server-certificate";
import type { TokenAuthority } from "./token-authority";

/** Inputs of an ApiGateway; the settings of GatewaySettings have defaults of their own. */
export interface ApiGatewayArgs extends GatewaySettings {
  /** Namespace of the Gateway; services of the same namespace may attach routes. */
  readonly namespace: pulumi.Input<string>;
  /** Who signs the gateway's certificate. */
  readonly authority: CertificateAuthority;
  /** Whose tokens the routes accept. */
  readonly tokens: TokenAuthority;
}

/**
 * The front door: one Gateway with a single listener that speaks TLS (1.2 or newer) and nothing else, run by Envoy Gateway.
 * Services are attached with ServiceRoute, which brings the check of tokens to every route itself.
 */
export class ApiGateway extends pulumi.ComponentResource {
  /** Name of the Gateway; whoever uses this output waits until it is programmed. */
  readonly gatewayName: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  readonly host: string;
  readonly tokens: TokenAuthority;
  /** The proxies' pods, as a peer of a service's network policy. */
  readonly proxies: Peer;

  constructor(name: string, args: ApiGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ApiGateway", name, {}, opts);
    const settings = resolveGateway(name, args);
    const { host } = settings;
    const labels = { ...PART_OF };
    const parent = { parent: this };

    const certificate = new ServerCertificate(
      `${name}-tls`,
      {
        authority: args.authority,
        namespace: args.namespace,
        dnsNames: [host, `*.${host}`, ...settings.serviceNames.map((service) => `${service}.${host}`)],
        ipAddresses: host === "localhost" ? ["127.0.0.1", "::1"] : [],
      },
      parent,
    );
    const proxy = new CustomResource(
      `${name}-proxy`,
      {
        apiVersion: "gateway.envoyproxy.io/v1alpha1",
        kind: "EnvoyProxy",
        metadata: { name, namespace: args.namespace, labels },
        spec: envoyProxySpec(settings),
      },
      parent,
    );
    const gatewayClass = new CustomResource(
      `${name}-class`,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "GatewayClass",
        metadata: { name, labels },
        spec: {
          controllerName: "gateway.envoyproxy.io/gatewayclass-controller",
          parametersRef: {
            group: "gateway.envoyproxy.io",
            kind: "EnvoyProxy",
            name: proxy.metadata.name,
            namespace: args.namespace,
          },
        },
      },
      parent,
    );
    // Before the Gateway, so that the listener never speaks otherwise.
    const clientPolicy = new CustomResource(
      `${name}-clients`,
      {
        apiVersion: "gateway.envoyproxy.io/v1alpha1",
        kind: "ClientTrafficPolicy",
        metadata: { name, namespace: args.namespace, labels },
        spec: clientTrafficPolicy(name, settings.retryBuffer),
      },
      parent,
    );
    const gateway = new CustomResource(
      `${name}-gateway`,
      {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        metadata: {
          name,
          namespace: args.namespace,
          labels,
          annotations: { "pulumi.com/waitFor": "condition=Programmed" },
        },
        spec: {
          gatewayClassName: gatewayClass.metadata.name,
          listeners: [
            {
              name: "https",
              protocol: "HTTPS",
              port: settings.port,
              tls: {
                mode: "Terminate",
                certificateRefs: [{ group: "", kind: "Secret", name: certificate.secretName }],
              },
              allowedRoutes: { namespaces: { from: "Same" } },
            },
          ],
        },
      },
      { parent: this, dependsOn: [clientPolicy] },
    );

    this.gatewayName = gateway.metadata.name;
    this.namespace = pulumi.output(args.namespace);
    this.host = host;
    this.tokens = args.tokens;
    this.proxies = {
      namespace: settings.proxyNamespace,
      podLabels: {
        "gateway.envoyproxy.io/owning-gateway-name": name,
        "gateway.envoyproxy.io/owning-gateway-namespace": args.namespace,
      },
    };
    this.registerOutputs({ gatewayName: this.gatewayName, namespace: this.namespace, host });
  }
}
