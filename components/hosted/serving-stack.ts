import * as pulumi from "@pulumi/pulumi";
import { ServingStack as Stack } from "../serving-stack";
import type { ModelVersion, RegistrySettings, ServiceSettings, TrafficSettings } from "./service";
import { settingsOf } from "./settings";

/** How a gateway's proxies are reached from outside. */
export const GatewayServiceType = {
  LoadBalancer: "LoadBalancer",
  NodePort: "NodePort",
  ClusterIP: "ClusterIP",
} as const;
export type GatewayServiceType = (typeof GatewayServiceType)[keyof typeof GatewayServiceType];

/** One service of the stack. */
export interface StackService extends ServiceSettings {
  /** Names the Service, and its host beneath the shared one. */
  readonly name: string;
  /** The models it serves; a model belongs to one service. */
  readonly models: ModelVersion[];
}

/** Inputs of a ServingStack. */
export interface ServingStackArgs extends TrafficSettings, RegistrySettings {
  /** The server's image, with a digest. */
  readonly runtimeImage: string;
  /** The services; at least one. */
  readonly services: StackService[];
  /** `iss` of the tokens: a URL. */
  readonly tokenIssuer: string;
  /** Namespace of services and gateway, made by the stack. Default: "slipway". */
  readonly namespace?: string;
  /** Namespace of Prometheus, made by the stack. Default: "slipway-monitoring". */
  readonly monitoringNamespace?: string;
  /** Whether the stack has a Prometheus. Default: true. */
  readonly monitoring?: boolean;
  /** The gateway's shared host. Default: "localhost". */
  readonly host?: string;
  /** The gateway's proxies. Default: 2. */
  readonly gatewayReplicas?: number;
  /** Port of the Service in front of the proxies. Default: 443. */
  readonly gatewayPort?: number;
  /** How the proxies are reached from outside. Default: "LoadBalancer". */
  readonly gatewayServiceType?: GatewayServiceType;
}

/** A complete serving platform: gateway, services with their models, certificates, tokens and monitoring. */
export class ServingStack extends pulumi.ComponentResource {
  /** Name of the Gateway. */
  readonly gatewayName: pulumi.Output<string>;
  /** Namespace of the gateway and of the services. */
  readonly namespace: pulumi.Output<string>;
  /** The shared host. */
  readonly host: pulumi.Output<string>;
  /** The certificate authority's certificate in PEM: what clients trust. */
  readonly caCertificate: pulumi.Output<string>;
  /** JSON Web Key Set with which the gateway checks tokens. */
  readonly tokenJwks: pulumi.Output<string>;
  /** `kid` of the tokens. */
  readonly tokenKeyId: pulumi.Output<string>;
  /** PKCS #8 PEM of the key that signs tokens, a secret. */
  readonly tokenSigningKey: pulumi.Output<string>;

  constructor(name: string, args: ServingStackArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ServingStack", name, {}, opts);
    const { runtimeImage, tokenIssuer, namespace, monitoringNamespace } = args;
    const { requestsPerSecond, requestTimeout, maxParallelRequests } = args;
    const { insecureRegistries, registryCidrs } = args;
    const stack = new Stack(
      name,
      {
        runtimeImage,
        tokenIssuer,
        namespace,
        monitoringNamespace,
        services: args.services.map((service) => ({
          ...settingsOf(service),
          name: service.name,
          models: service.models,
        })),
        limits: { requestsPerSecond, requestTimeout, maxParallelRequests },
        repository: { insecureRegistries, registryCidrs },
        gateway: {
          host: args.host,
          replicas: args.gatewayReplicas,
          port: args.gatewayPort,
          serviceType: args.gatewayServiceType,
        },
        monitoring: args.monitoring === false ? false : {},
      },
      { parent: this },
    );
    this.gatewayName = stack.gateway.gatewayName;
    this.namespace = stack.gateway.namespace;
    this.host = pulumi.output(stack.gateway.host);
    this.caCertificate = stack.authority.certificatePem;
    this.tokenJwks = stack.tokens.jwks;
    this.tokenKeyId = stack.tokens.keyId;
    this.tokenSigningKey = stack.tokens.signingKeyPem;
    this.registerOutputs({
      gatewayName: this.gatewayName,
      namespace: this.namespace,
      host: this.host,
      caCertificate: this.caCertificate,
      tokenJwks: this.tokenJwks,
      tokenKeyId: this.tokenKeyId,
      tokenSigningKey: this.tokenSigningKey,
    });
  }
}
