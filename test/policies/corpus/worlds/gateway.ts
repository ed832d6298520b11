import type { Declared, World } from "../model";
import { inTeam, k8s, surroundings } from "./kubernetes";
import { opsWorld } from "./operations";

const API = "gateway.networking.k8s.io";
const EG = "gateway.envoyproxy.io/v1alpha1";
const target = (kind: string, name: string) => ({ group: API, kind, name });

export const JWT = {
  providers: [
    {
      name: "own",
      issuer: "https://issuer.example",
      audiences: ["shop"],
      remoteJWKS: { uri: "https://issuer.example/jwks.json" },
    },
  ],
};

export function security(
  name: string,
  targetRefs: readonly unknown[],
  spec: Record<string, unknown>,
): Declared {
  return k8s(`${EG}:SecurityPolicy`, { metadata: inTeam(name), spec: { targetRefs, ...spec } });
}

export const route = (kind: string, name: string, rules: readonly unknown[]): Declared =>
  k8s(`${API}/v1:${kind}`, {
    metadata: inTeam(name),
    spec: { parentRefs: [{ name: "edge", sectionName: "https" }], hostnames: ["shop.example"], rules },
  });

const service = (name: string): Declared =>
  k8s("core/v1:Service", {
    metadata: inTeam(name),
    spec: { type: "ClusterIP", selector: { app: name }, ports: [{ name: "https", port: 8443 }] },
  });

const backendTls = (name: string): Declared =>
  k8s(`${API}/v1:BackendTLSPolicy`, {
    metadata: inTeam(name),
    spec: {
      targetRefs: [{ group: "", kind: "Service", name }],
      validation: {
        hostname: `${name}.team.svc`,
        caCertificateRefs: [{ group: "", kind: "ConfigMap", name: "ca" }],
      },
    },
  });

/** A gateway whose JWT every route inherits. Alias `rule` is the route's first rule, `listener` the gateway's first. */
export function gateway(): World {
  const { namespace, deny } = surroundings();
  return {
    resources: {
      gateway: k8s(`${API}/v1:Gateway`, {
        metadata: inTeam("edge"),
        spec: {
          gatewayClassName: "envoy",
          listeners: [
            {
              name: "https",
              port: 443,
              protocol: "HTTPS",
              tls: { mode: "Terminate", certificateRefs: [{ kind: "Secret", name: "shop-tls" }] },
              allowedRoutes: { namespaces: { from: "Same" } },
            },
          ],
        },
      }),
      route: route("HTTPRoute", "shop", [{ name: "all", backendRefs: [{ name: "shop", port: 8443 }] }]),
      grpc: route("GRPCRoute", "shop-grpc", [{ backendRefs: [{ name: "shop", port: 8443 }] }]),
      jwt: security("jwt", [target("Gateway", "edge")], { jwt: JWT }),
      client: k8s(`${EG}:ClientTrafficPolicy`, {
        metadata: inTeam("tls"),
        spec: { targetRefs: [target("Gateway", "edge")], tls: { minVersion: "1.2" } },
      }),
      service: service("shop"),
      preview: service("preview"),
      backendTls: backendTls("shop"),
      previewTls: backendTls("preview"),
      proxy: opsWorld().resources.envoy!,
      namespace: namespace!,
      deny: deny!,
    },
    aliases: {
      rule: "route.spec.rules.0",
      listener: "gateway.spec.listeners.0",
      provider: "jwt.spec.jwt.providers.0",
    },
  };
}

/** The same, where each route has a policy of its own. */
export function ownPolicies(): World {
  const { resources, aliases } = gateway();
  return {
    aliases: aliases!,
    resources: {
      route: resources.route!,
      ...resources,
      jwt: security("jwt", [target("HTTPRoute", "shop"), target("GRPCRoute", "shop-grpc")], { jwt: JWT }),
    },
  };
}

/** A policy on the route `shop` that has this instead of a JWT. */
export const onRoute = (spec: Record<string, unknown>): Declared =>
  security("route", [target("HTTPRoute", "shop")], spec);
