import { from, type TwinData } from "../model";
import { gateway, JWT, onRoute, ownPolicies, security } from "../worlds/gateway";
import { inTeam, k8s } from "../worlds/kubernetes";

const CORS = { cors: { allowOrigins: ["https://app.example"], allowMethods: ["GET"] } };
const BASIC = { basicAuth: { users: { name: "users" } } };
const anyRoute = { names: ["route", "grpc", "jwt"] };
const policy = { names: ["jwt", "route", "grpc"] };
const added = { names: ["cors", "route"] };

export const gatewayTwins: readonly TwinData[] = [
  ...from("Envoy Gateway documentation", [
    [
      "SecurityPolicy: authentication",
      "nothing asks who calls",
      gateway,
      { jwt: undefined },
      { names: ["route", "grpc"] },
    ],
    [
      "SecurityPolicy: authentication",
      "a policy that has CORS only",
      gateway,
      { "jwt.spec.jwt": undefined, "jwt.spec.cors": CORS.cors },
      anyRoute,
    ],
    [
      "SecurityPolicy: overriding",
      "a route's policy that forgets the gateway's JWT",
      gateway,
      { cors: onRoute(CORS) },
      { good: { cors: onRoute({ ...CORS, jwt: JWT }) }, ...added },
    ],
    [
      "SecurityPolicy: overriding",
      "a policy for one of the route's rules that forgets it",
      gateway,
      {
        "route.spec.rules.1": { name: "open", backendRefs: [{ name: "shop", port: 8443 }] },
        cors: security(
          "open",
          [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "shop", sectionName: "open" }],
          CORS,
        ),
      },
      {
        good: { "route.spec.rules.1": { name: "open", backendRefs: [{ name: "shop", port: 8443 }] } },
        ...added,
      },
    ],
    [
      "SecurityPolicy: overriding",
      "a policy of the gateway's listener that forgets it",
      gateway,
      {
        cors: security(
          "listener",
          [{ group: "gateway.networking.k8s.io", kind: "Gateway", name: "edge", sectionName: "https" }],
          CORS,
        ),
      },
      { names: ["route", "grpc", "cors"] },
    ],
    [
      "SecurityPolicy: target",
      "a policy for a route that is not there",
      ownPolicies,
      { "jwt.spec.targetRefs.0.name": "shops" },
      policy,
    ],
    [
      "SecurityPolicy: target",
      "a policy for HTTP alone",
      ownPolicies,
      { "jwt.spec.targetRefs": [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "shop" }] },
      policy,
    ],
    [
      "SecurityPolicy: target",
      "a policy in another namespace",
      ownPolicies,
      { "jwt.metadata.namespace": "other" },
      policy,
    ],
    [
      "SecurityPolicy: target",
      "a policy that selects labels that no route has",
      ownPolicies,
      {
        "jwt.spec.targetRefs": undefined,
        "jwt.spec.targetSelectors": [{ kind: "HTTPRoute", matchLabels: { exposed: "yes" } }],
      },
      policy,
    ],
    [
      "JWT: optional",
      "a token that may be left out",
      gateway,
      { "jwt.spec.jwt.optional": true },
      { good: { "jwt.spec.jwt.optional": false }, ...policy },
    ],
    ["JWT: providers", "no provider", gateway, { "jwt.spec.jwt.providers": [] }, policy],
    ["JWT: audiences", "tokens for anyone are taken", gateway, { "provider.audiences": undefined }, policy],
    ["JWT: audiences", "an empty list of audiences", gateway, { "provider.audiences": [] }, policy],
    ["JWT: issuer", "tokens of any issuer are taken", gateway, { "provider.issuer": undefined }, policy],
    [
      "JWT: remoteJWKS",
      "keys fetched in plain text",
      gateway,
      { "provider.remoteJWKS.uri": "http://issuer.example/jwks.json" },
      policy,
    ],
    [
      "External authorization: failOpen",
      "whoever cannot be asked about is let in",
      gateway,
      {
        "jwt.spec.jwt": undefined,
        "jwt.spec.extAuth": { http: { backendRefs: [{ name: "shop", port: 8443 }] }, failOpen: true },
      },
      {
        good: {
          "jwt.spec.jwt": undefined,
          "jwt.spec.extAuth": { http: { backendRefs: [{ name: "shop", port: 8443 }] }, failOpen: false },
        },
        ...policy,
      },
    ],
    [
      "CORS: credentials",
      "every origin, with credentials",
      gateway,
      { "jwt.spec.cors": { allowOrigins: ["*"], allowCredentials: true } },
      {
        good: { "jwt.spec.cors": { allowOrigins: ["https://app.example"], allowCredentials: true } },
        ...policy,
      },
    ],
    [
      "CORS: credentials",
      "every origin by scheme, with credentials",
      gateway,
      { "jwt.spec.cors": { allowOrigins: ["https://*"], allowCredentials: true } },
      {
        good: { "jwt.spec.cors": { allowOrigins: ["https://*.app.example"], allowCredentials: true } },
        ...policy,
      },
    ],
    [
      "API key: credentials",
      "API keys of no secret",
      gateway,
      {
        "jwt.spec.jwt": undefined,
        "jwt.spec.apiKeyAuth": { credentialRefs: [], extractFrom: [{ headers: ["x-key"] }] },
      },
      {
        good: {
          "jwt.spec.jwt": undefined,
          "jwt.spec.apiKeyAuth": {
            credentialRefs: [{ name: "keys" }],
            extractFrom: [{ headers: ["x-key"] }],
          },
        },
        ...policy,
      },
    ],
    [
      "Basic authentication",
      "users of no secret",
      gateway,
      { "jwt.spec.jwt": undefined, "jwt.spec.basicAuth": {} },
      { good: { "jwt.spec.jwt": undefined, "jwt.spec.basicAuth": BASIC.basicAuth }, ...policy },
    ],
    [
      "Authorization: defaultAction",
      "rules on addresses instead of a login",
      gateway,
      {
        "jwt.spec.jwt": undefined,
        "jwt.spec.authorization": {
          defaultAction: "Deny",
          rules: [{ action: "Allow", principal: { clientCIDRs: ["10.0.0.0/8"] } }],
        },
      },
      {
        good: {
          "jwt.spec.authorization": {
            defaultAction: "Deny",
            rules: [{ action: "Allow", principal: { clientCIDRs: ["10.0.0.0/8"] } }],
          },
        },
        ...policy,
      },
    ],
    [
      "Authorization: defaultAction",
      "an authorization that allows what no rule names",
      gateway,
      {
        "jwt.spec.authorization": {
          defaultAction: "Allow",
          rules: [{ action: "Allow", principal: { jwt: { provider: "own", scopes: ["admin"] } } }],
        },
      },
      {
        good: {
          "jwt.spec.authorization": {
            defaultAction: "Deny",
            rules: [{ action: "Allow", principal: { jwt: { provider: "own", scopes: ["admin"] } } }],
          },
        },
        ...policy,
      },
    ],
    [
      "ClientTrafficPolicy: TLS",
      "TLS 1.0",
      gateway,
      { "client.spec.tls.minVersion": "1.0" },
      { names: ["client", "gateway"] },
    ],
    [
      "ClientTrafficPolicy: TLS",
      "TLS 1.1",
      gateway,
      { "client.spec.tls.minVersion": "1.1" },
      { names: ["client", "gateway"] },
    ],
    [
      "ClientTrafficPolicy: TLS",
      "at most TLS 1.1",
      gateway,
      { "client.spec.tls": { maxVersion: "1.1" } },
      { good: { "client.spec.tls": { minVersion: "1.3" } }, names: ["client", "gateway"] },
    ],
    [
      "ClientTrafficPolicy: TLS",
      "a cipher without forward secrecy",
      gateway,
      { "client.spec.tls.ciphers": ["ECDHE-ECDSA-AES128-GCM-SHA256", "AES128-SHA"] },
      { good: { "client.spec.tls.ciphers": ["ECDHE-ECDSA-AES128-GCM-SHA256"] }, names: ["client"] },
    ],
    [
      "Backend TLS: skip verification",
      "any certificate of a backend is taken",
      gateway,
      {
        far: k8s("gateway.envoyproxy.io/v1alpha1:Backend", {
          metadata: inTeam("far"),
          spec: {
            endpoints: [{ fqdn: { hostname: "api.example", port: 443 } }],
            tls: { insecureSkipVerify: true },
          },
        }),
      },
      {
        good: {
          far: k8s("gateway.envoyproxy.io/v1alpha1:Backend", {
            metadata: inTeam("far"),
            spec: {
              endpoints: [{ fqdn: { hostname: "api.example", port: 443 } }],
              tls: { wellKnownCACertificates: "System" },
            },
          }),
        },
        names: ["far"],
      },
    ],
    [
      "Proxy access logs",
      "the access log is off",
      gateway,
      { "proxy.spec.telemetry.accessLog": { disable: true } },
      { names: ["proxy"] },
    ],
    [
      "Proxy access logs",
      "an access log that goes nowhere",
      gateway,
      { "proxy.spec.telemetry.accessLog.settings": [{ format: { type: "Text" }, sinks: [] }] },
      { names: ["proxy"] },
    ],
  ]),
];
