import { from, type TwinData } from "../model";
import { gateway, route, security } from "../worlds/gateway";
import { opsWorld } from "../worlds/operations";
import { inTeam, k8s } from "../worlds/kubernetes";

const CORS = { cors: { allowOrigins: ["https://app.example"], allowMethods: ["GET"] } };
const HTTP_LISTENER = { name: "http", port: 80, protocol: "HTTP" };
const REDIRECT = {
  filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https", statusCode: 301 } }],
};
const onHttp = (rules: unknown[]) => ({
  type: "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
  props: { metadata: inTeam("plain"), spec: { parentRefs: [{ name: "edge", sectionName: "http" }], rules } },
});
const mirror = (name: string) => [
  { type: "RequestMirror", requestMirror: { backendRef: { name, port: 8443 } } },
];
const routes = { names: ["route"] };

export const gatewayApi: readonly TwinData[] = [
  ...from("Gateway API documentation", [
    [
      "TLS: listeners",
      "a listener of plain HTTP",
      gateway,
      { "listener.protocol": "HTTP", "listener.tls": undefined, "listener.port": 80 },
    ],
    [
      "TLS: listeners",
      "a plain listener beside the good one, with routes on it",
      gateway,
      {
        "gateway.spec.listeners.1": HTTP_LISTENER,
        plain: onHttp([{ backendRefs: [{ name: "shop", port: 8443 }] }]),
      },
      { names: ["gateway", "plain"] },
    ],
    [
      "TLS: listeners",
      "a listener without a certificate",
      gateway,
      { "listener.tls": { mode: "Terminate" } },
    ],
    ["TLS: listeners", "a list of no certificates", gateway, { "listener.tls.certificateRefs": [] }],
    [
      "TLS: listeners",
      "a TLS listener that has no certificate",
      gateway,
      {
        "gateway.spec.listeners.1": { name: "tls", port: 8443, protocol: "TLS", tls: { mode: "Terminate" } },
      },
      {
        good: {
          "gateway.spec.listeners.1": {
            name: "tls",
            port: 8443,
            protocol: "TLS",
            tls: { mode: "Passthrough" },
          },
        },
      },
    ],
    [
      "BackendTLSPolicy",
      "no TLS to the backend",
      gateway,
      { backendTls: undefined },
      { names: ["route", "grpc", "service"] },
    ],
    [
      "BackendTLSPolicy",
      "no TLS to a mirrored backend",
      gateway,
      { "rule.filters": mirror("preview"), previewTls: undefined },
      { good: { "rule.filters": mirror("preview") }, ...routes },
    ],
    [
      "BackendTLSPolicy",
      "no TLS to one of two weighted backends",
      gateway,
      {
        "rule.backendRefs": [
          { name: "shop", port: 8443, weight: 90 },
          { name: "preview", port: 8443, weight: 10 },
        ],
        previewTls: undefined,
      },
      {
        good: {
          "rule.backendRefs": [
            { name: "shop", port: 8443, weight: 90 },
            { name: "preview", port: 8443, weight: 10 },
          ],
        },
        ...routes,
      },
    ],
    [
      "BackendTLSPolicy",
      "no name that the certificate must have",
      gateway,
      { "backendTls.spec.validation.hostname": undefined },
      { names: ["backendTls", "route", "grpc"] },
    ],
    [
      "BackendTLSPolicy",
      "no authority that is trusted",
      gateway,
      { "backendTls.spec.validation.caCertificateRefs": undefined },
      {
        good: {
          "backendTls.spec.validation.caCertificateRefs": undefined,
          "backendTls.spec.validation.wellKnownCACertificates": "System",
        },
        names: ["backendTls", "route", "grpc"],
      },
    ],
    [
      "Security model: allowedRoutes",
      "every namespace may attach routes",
      gateway,
      { "listener.allowedRoutes": { namespaces: { from: "All" } } },
    ],
    [
      "ReferenceGrant",
      "every secret of a namespace may be referred to",
      gateway,
      {
        grant: k8s("gateway.networking.k8s.io/v1beta1:ReferenceGrant", {
          metadata: inTeam("grant"),
          spec: {
            from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "edge" }],
            to: [{ group: "", kind: "Secret" }],
          },
        }),
      },
      {
        good: {
          grant: k8s("gateway.networking.k8s.io/v1beta1:ReferenceGrant", {
            metadata: inTeam("grant"),
            spec: {
              from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: "edge" }],
              to: [{ group: "", kind: "Secret", name: "shop-tls" }],
            },
          }),
        },
        names: ["grant"],
      },
    ],
    [
      "HTTPRoute: v1beta1",
      "a route of the older version without a login",
      gateway,
      {
        old: {
          ...route("HTTPRoute", "old", [{ backendRefs: [{ name: "shop", port: 8443 }] }]),
          type: "kubernetes:gateway.networking.k8s.io/v1beta1:HTTPRoute",
        },
        cors: security("old", [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "old" }], CORS),
      },
      {
        good: {
          old: {
            ...route("HTTPRoute", "old", [{ backendRefs: [{ name: "shop", port: 8443 }] }]),
            type: "kubernetes:gateway.networking.k8s.io/v1beta1:HTTPRoute",
          },
        },
        names: ["old", "cors"],
      },
    ],
    [
      "HTTP to HTTPS redirect",
      "a plain listener whose route does not redirect",
      gateway,
      {
        "gateway.spec.listeners.1": HTTP_LISTENER,
        plain: onHttp([{ matches: [{ path: { value: "/" } }], backendRefs: [{ name: "shop", port: 8443 }] }]),
      },
      {
        good: { "gateway.spec.listeners.1": HTTP_LISTENER, plain: onHttp([REDIRECT]) },
        names: ["gateway", "plain"],
      },
    ],
  ]),
  ...from("OWASP", [
    [
      "A05 Security misconfiguration: Prometheus",
      "Prometheus' port on every node",
      opsWorld,
      { "service.spec.type": "NodePort" },
    ],
    [
      "A05 Security misconfiguration: Prometheus",
      "Prometheus' administration by HTTP",
      opsWorld,
      { "prometheus.spec.enableAdminAPI": true },
      { names: ["prometheus"] },
    ],
    [
      "A05 Security misconfiguration: Prometheus",
      "Prometheus without a login on the gateway",
      gateway,
      {
        metrics: route("HTTPRoute", "metrics", [{ backendRefs: [{ name: "prometheus", port: 9090 }] }]),
        cors: security(
          "metrics",
          [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "metrics" }],
          CORS,
        ),
        prometheus: k8s("core/v1:Service", {
          metadata: inTeam("prometheus"),
          spec: { ports: [{ port: 9090 }] },
        }),
      },
      {
        good: {
          prometheus: k8s("core/v1:Service", {
            metadata: inTeam("prometheus"),
            spec: { selector: { app: "prometheus" }, ports: [{ port: 9090 }] },
          }),
        },
        names: ["metrics", "cors"],
      },
    ],
    [
      "A07 Authentication failures: Grafana",
      "Grafana for anyone",
      opsWorld,
      { "grafana.data": { "grafana.ini": "[auth.anonymous]\nenabled = true\norg_role = Admin\n" } },
      { names: ["grafana"] },
    ],
    [
      "A07 Authentication failures: Grafana",
      "Grafana's password is admin",
      opsWorld,
      { "grafana.data": { "grafana.ini": "[security]\nadmin_user = admin\nadmin_password = admin\n" } },
      { names: ["grafana"] },
    ],
  ]),
];
