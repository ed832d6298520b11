import type * as pulumi from "@pulumi/pulumi";
import { existingGateway, type GatewayReference } from "../traffic/gateway-reference";

const DEFAULT_AUDIENCE = "slipway";

/** A gateway that exists: its names, and what it checks tokens with. */
export interface Gateway {
  /** Name of the Gateway. */
  readonly gatewayName: pulumi.Input<string>;
  /** The shared host; the service also has a host of its own beneath it. */
  readonly host: pulumi.Input<string>;
  /** `iss` of the tokens. */
  readonly tokenIssuer: pulumi.Input<string>;
  /** `aud` of the tokens. Default: "slipway". */
  readonly tokenAudience?: pulumi.Input<string>;
  /** JSON Web Key Set with the public keys. */
  readonly tokenJwks: pulumi.Input<string>;
  /** Namespace in which Envoy Gateway runs its proxies. Default: "envoy-gateway-system". */
  readonly proxyNamespace?: pulumi.Input<string>;
}

/** Pods of another namespace. */
export interface Pods {
  /** Their namespace. */
  readonly namespace: pulumi.Input<string>;
  /** Their labels. */
  readonly podLabels: pulumi.Input<{ [label: string]: pulumi.Input<string> }>;
}

/** The gateway as components refer to it. */
export function gatewayOf(gateway: Gateway, namespace: pulumi.Input<string>): GatewayReference {
  const { gatewayName, host, tokenIssuer, tokenAudience, tokenJwks, proxyNamespace } = gateway;
  const tokens = { issuer: tokenIssuer, audience: tokenAudience ?? DEFAULT_AUDIENCE, jwks: tokenJwks };
  return existingGateway({ gatewayName, namespace, host, tokens, proxyNamespace });
}
