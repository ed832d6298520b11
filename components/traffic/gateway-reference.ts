import type * as pulumi from "@pulumi/pulumi";
import type { TokenRules } from "../internal/authorization";
import type { Peer } from "../internal/network-policy";
import type { RouteSecurity } from "./route-security";

/** Where Envoy Gateway runs its proxies unless it is told otherwise. */
export const PROXY_NAMESPACE = "envoy-gateway-system";

/** What a route needs to know of its gateway: an ApiGateway, or one of another stack by its names. */
export interface GatewayReference {
  /** Name of the Gateway. */
  readonly gatewayName: pulumi.Input<string>;
  /** Its namespace, in which routes must be too. */
  readonly namespace: pulumi.Input<string>;
  /** The shared host. */
  readonly host: pulumi.Input<string>;
  /** What tokens its routes accept. */
  readonly tokens: TokenRules;
  /** What its routes bring along; where it is not known, they ask for tokens alone. */
  readonly security?: RouteSecurity;
  /** The proxies' pods, as a peer of a service's network policy. */
  readonly proxies: Peer;
}

/** A gateway that another stack made: its names, and the public half of what it checks tokens with. */
export interface ExistingGateway extends Omit<GatewayReference, "proxies" | "security"> {
  /**
   * Namespace in which Envoy Gateway runs its proxies.
   * @default "envoy-gateway-system"
   */
  readonly proxyNamespace?: pulumi.Input<string>;
}

/** Refers to a gateway that another stack made. */
export function existingGateway(gateway: ExistingGateway): GatewayReference {
  const { gatewayName, namespace, host, tokens, proxyNamespace } = gateway;
  return {
    gatewayName,
    namespace,
    host,
    tokens,
    proxies: proxiesOf(gatewayName, namespace, proxyNamespace ?? PROXY_NAMESPACE),
  };
}

/** The pods that Envoy Gateway runs for a Gateway. */
export function proxiesOf(
  gatewayName: pulumi.Input<string>,
  gatewayNamespace: pulumi.Input<string>,
  proxyNamespace: pulumi.Input<string>,
): Peer {
  return {
    namespace: proxyNamespace,
    podLabels: {
      "gateway.envoyproxy.io/owning-gateway-name": gatewayName,
      "gateway.envoyproxy.io/owning-gateway-namespace": gatewayNamespace,
    },
  };
}
