import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { Ingress } from "@pulumi/kubernetes/networking/v1";
import * as pulumi from "@pulumi/pulumi";
import { envoyProxySpec, proxyServiceName } from "../internal/envoy-proxy";
import { PART_OF } from "../internal/labels";
import { albIngresses } from "../internal/load-balancer";
import type { Peer } from "../internal/network-policy";
import { clientTrafficPolicy, type ClientConnections } from "../internal/traffic-policy";
import type { CertificateAuthority } from "./certificate-authority";
import { certificateSpec } from "./certificate-settings";
import { proxiesOf } from "./gateway-reference";
import { receiverTlsSpec } from "./gateway-tracing";
import { resolveGateway, type GatewaySettings, type ResolvedGateway } from "./gateway-settings";
import { createAuthentication, type RouteSecurity } from "./route-security";
import { ServerCertificate } from "./server-certificate";
import type { TokenAuthority } from "./token-authority";

/** Inputs of an ApiGateway; the settings of GatewaySettings have defaults of their own. */
export interface ApiGatewayArgs extends GatewaySettings {
  /** Namespace of the Gateway; services of the same namespace may attach routes. */
  readonly namespace: pulumi.Input<string>;
  /** Who signs the gateway's certificate, unless `certificate` says otherwise. */
  readonly authority: CertificateAuthority;
  /** Whose tokens the routes accept, unless `auth` says otherwise. */
  readonly tokens: TokenAuthority;
}

/**
 * The front door: one Gateway with a single listener that speaks TLS (1.2 or newer) and nothing else, run by Envoy Gateway.
 * Services are attached with ServiceRoute, which brings the whole check of callers to every route itself.
 *
 * @example
 * const authority = new CertificateAuthority("authority");
 * const tokens = new TokenAuthority("tokens", { issuer: "https://models.example.com" });
 * new ApiGateway("front", {
 *   namespace: "models",
 *   host: "models.example.com",
 *   authority,
 *   tokens,
 *   certificate: { certManager: { issuerName: "letsencrypt" } },
 *   loadBalancer: { kind: "aws-nlb", scheme: "internet-facing", sourceRanges: ["203.0.113.0/24"] },
 * });
 */
export class ApiGateway extends pulumi.ComponentResource {
  /** Name of the Gateway; whoever uses this output waits until it is programmed. */
  readonly gatewayName: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  readonly host: string;
  readonly tokens: TokenAuthority;
  /** What its routes bring along. */
  readonly security: RouteSecurity;
  /** The proxies' pods, as a peer of a service's network policy. */
  readonly proxies: Peer;

  constructor(name: string, args: ApiGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ApiGateway", name, {}, opts);
    const settings = resolveGateway(name, args);
    const { host } = settings;
    const labels = { ...PART_OF };
    const parent = { parent: this };

    const certificateSecret = this.createCertificate(name, args, settings);
    const tracingTls = this.createTracingTls(name, args.namespace, settings);
    const proxy = new CustomResource(
      `${name}-proxy`,
      {
        apiVersion: "gateway.envoyproxy.io/v1alpha1",
        kind: "EnvoyProxy",
        metadata: { name, namespace: args.namespace, labels },
        spec: envoyProxySpec(name, settings),
      },
      // Before the proxies send anything, they know how.
      { parent: this, dependsOn: tracingTls },
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
        spec: clientTrafficPolicy(
          name,
          settings.retryBuffer,
          this.clientConnections(name, args.namespace, settings),
        ),
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
                certificateRefs: [{ group: "", kind: "Secret", name: certificateSecret }],
              },
              allowedRoutes: { namespaces: { from: "Same" } },
            },
          ],
        },
      },
      { parent: this, dependsOn: [clientPolicy] },
    );

    if (settings.loadBalancer?.kind === "aws-alb")
      this.createIngresses(name, args.namespace, settings, gateway);

    this.gatewayName = gateway.metadata.name;
    this.namespace = pulumi.output(args.namespace);
    this.host = host;
    this.tokens = args.tokens;
    this.security = {
      authentication: createAuthentication(
        name,
        settings.auth,
        { namespace: args.namespace, tokens: args.tokens, labels },
        this,
      ),
      cors: settings.cors,
      clientCertificates: settings.auth.mtls !== undefined,
      maxBodyBytes: settings.maxBodyBytes,
    };
    this.proxies = proxiesOf(name, args.namespace, settings.proxyNamespace);
    this.registerOutputs({ gatewayName: this.gatewayName, namespace: this.namespace, host });
  }

  /** The Secret with the listener's certificate. */
  private createCertificate(
    name: string,
    { namespace, authority }: ApiGatewayArgs,
    { host, serviceNames, certificate }: ResolvedGateway,
  ): pulumi.Input<string> {
    const names = {
      dnsNames: [host, `*.${host}`, ...serviceNames.map((service) => `${service}.${host}`)],
      ipAddresses: host === "localhost" ? ["127.0.0.1", "::1"] : [],
    };
    if (certificate.secretName !== undefined) return certificate.secretName;
    if (certificate.certManager === undefined) {
      return new ServerCertificate(`${name}-tls`, { authority, namespace, ...names }, { parent: this })
        .secretName;
    }
    const secretName = `${name}-certificate`;
    const issued = new CustomResource(
      `${name}-certificate`,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: {
          name: secretName,
          namespace,
          labels: { ...PART_OF },
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: certificateSpec(certificate.certManager, secretName, names),
      },
      { parent: this },
    );
    // Through the certificate, so that no listener waits for a Secret that is not there yet.
    return issued.metadata.name;
  }

  /** How the proxies speak to who takes their spans; none where nobody does, or without TLS. */
  private createTracingTls(
    name: string,
    namespace: pulumi.Input<string>,
    { tracing }: ResolvedGateway,
  ): CustomResource[] {
    const spec = tracing && receiverTlsSpec(tracing.receiver);
    if (spec === undefined) return [];
    const metadata = { name: `${name}-tracing`, namespace, labels: { ...PART_OF } };
    const kind = { apiVersion: "gateway.networking.k8s.io/v1", kind: "BackendTLSPolicy" };
    return [new CustomResource(`${name}-tracing-tls`, { ...kind, metadata, spec }, { parent: this })];
  }

  private clientConnections(
    name: string,
    namespace: pulumi.Input<string>,
    { auth: { mtls }, loadBalancer }: ResolvedGateway,
  ): ClientConnections {
    const viaProxyProtocol = loadBalancer?.clientAddress === "proxy-protocol";
    const viaHeader = loadBalancer?.kind === "aws-alb";
    const clientAddress = viaProxyProtocol ? "proxy-protocol" : viaHeader ? "forwarded-header" : undefined;
    if (mtls === undefined) return { clientAddress };
    const authorities = new ConfigMap(
      `${name}-client-ca`,
      // No name: with a fixed one a change would delete it before the new one is there.
      { metadata: { namespace, labels: { ...PART_OF } }, data: { "ca.crt": mtls.caCertificates } },
      { parent: this },
    );
    const { dnsNames = [], uris = [] } = mtls;
    return {
      clientAddress,
      clientCertificates: { authorities: authorities.metadata.name, dnsNames, uris },
    };
  }

  /** What the AWS load balancer controller makes an ALB of. */
  private createIngresses(
    name: string,
    gatewayNamespace: pulumi.Input<string>,
    { loadBalancer, host, port, proxyNamespace }: ResolvedGateway,
    gateway: pulumi.Resource,
  ): void {
    const ingresses = albIngresses(loadBalancer!, {
      host,
      port,
      serviceName: proxyServiceName(name),
      group: pulumi.interpolate`${gatewayNamespace}.${name}`,
    });
    for (const [role, { annotations, spec }] of Object.entries(ingresses)) {
      new Ingress(
        `${name}-alb-${role}`,
        {
          metadata: {
            name: `${proxyServiceName(name)}-${role}`,
            namespace: proxyNamespace,
            labels: { ...PART_OF },
            annotations,
          },
          spec,
        },
        // The Service that they lead to is made for the Gateway.
        { parent: this, dependsOn: [gateway] },
      );
    }
  }
}
