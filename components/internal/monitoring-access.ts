import type * as pulumi from "@pulumi/pulumi";
import { HAS_CLIENT_CERTIFICATE, type Authentication, type Principal } from "./authorization";
import { RESTRICTED_CONTAINER } from "./pod-security";
import type { Sidecar } from "./prometheus";

/** Port on which the container beside a server answers the gateway. */
export const TLS_PORT = 9443;

const CERTIFICATE_FOLDER = "/etc/slipway/certificate";
const PROXY_FOLDER = "/etc/slipway/proxy";
const PROXY_UID = 65532;

/**
 * Everything but what begins with "/-/", where both servers can be reloaded and ended. Neither an escape nor a dot or a slash may
 * stand there, whatever a server might make of them.
 */
const NO_LIFECYCLE = { type: "RegularExpression", value: "/([^-%./].*)?" };

/** What people may do with a server. */
export interface AccessRules {
  /** Methods of whoever has passed the check; undefined for all methods and paths. */
  readonly read?: readonly string[];
  /** Methods of administrators. */
  readonly admin?: readonly string[];
}

export const ACCESS_RULES: Readonly<Record<"prometheus" | "alertmanager" | "grafana", AccessRules>> = {
  // Long queries are sent with POST; there is nothing to change.
  prometheus: { read: ["GET", "HEAD", "POST"] },
  alertmanager: { read: ["GET", "HEAD"], admin: ["GET", "HEAD", "POST", "DELETE"] },
  // It knows users and roles of its own.
  grafana: {},
};

/** SecurityPolicy of one route, complete, since a route's own policy replaces the gateway's. */
export function accessPolicy(
  route: string,
  { spec, callers }: Authentication,
  { read, admin }: AccessRules,
  clientCertificates: boolean,
) {
  const allow = (name: string, principal: Principal | undefined, methods: readonly string[] | undefined) =>
    principal === undefined
      ? []
      : [
          {
            name,
            action: "Allow",
            ...(methods === undefined ? {} : { operation: { methods: [...methods], path: NO_LIFECYCLE } }),
            principal,
            ...(clientCertificates ? { cel: HAS_CLIENT_CERTIFICATE } : {}),
          },
        ];
  return {
    targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: route }],
    ...spec,
    authorization: {
      defaultAction: "Deny",
      rules: [
        ...(admin === undefined ? [] : allow("admin", callers.admin, admin)),
        ...allow("read", callers.any, read),
      ],
    },
  };
}

/** HTTPRoute of a server's own host. */
export function accessRoute(
  gateway: { readonly name: pulumi.Input<string>; readonly namespace: pulumi.Input<string> },
  host: pulumi.Input<string>,
  backend: {
    readonly name: pulumi.Input<string>;
    readonly namespace: pulumi.Input<string>;
    readonly port: number;
  },
  dropped: readonly string[],
) {
  return {
    parentRefs: [{ group: "gateway.networking.k8s.io", kind: "Gateway", ...gateway }],
    hostnames: [host],
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        // Credentials have done their work at the gateway.
        filters: [{ type: "RequestHeaderModifier", requestHeaderModifier: { remove: [...dropped] } }],
        backendRefs: [{ group: "", kind: "Service", weight: 1, ...backend }],
      },
    ],
  };
}

/** BackendTLSPolicy of a Service: the gateway refuses any other server. */
export function backendTls(
  service: pulumi.Input<string>,
  authorities: pulumi.Input<string>,
  hostname: pulumi.Input<string>,
) {
  return {
    targetRefs: [{ group: "", kind: "Service", name: service }],
    validation: {
      caCertificateRefs: [{ group: "", kind: "ConfigMap", name: authorities }],
      hostname,
    },
  };
}

/** Envoy's configuration: TLS outside, the server on the pod's own loopback inside. */
export function proxyConfig(serverPort: number): string {
  const type = (name: string) => `type.googleapis.com/envoy.${name}`;
  const file = (name: string) => ({ filename: `${CERTIFICATE_FOLDER}/${name}` });
  const socket = (address: string, port: number) => ({ socket_address: { address, port_value: port } });
  return JSON.stringify({
    static_resources: {
      listeners: [
        {
          name: "tls",
          address: socket("0.0.0.0", TLS_PORT),
          filter_chains: [
            {
              transport_socket: {
                name: "envoy.transport_sockets.tls",
                typed_config: {
                  "@type": type("extensions.transport_sockets.tls.v3.DownstreamTlsContext"),
                  common_tls_context: {
                    alpn_protocols: ["h2", "http/1.1"],
                    tls_params: { tls_minimum_protocol_version: "TLSv1_2" },
                    tls_certificates: [{ certificate_chain: file("tls.crt"), private_key: file("tls.key") }],
                  },
                },
              },
              filters: [
                {
                  name: "envoy.filters.network.http_connection_manager",
                  typed_config: {
                    "@type": type(
                      "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                    ),
                    stat_prefix: "server",
                    use_remote_address: false,
                    route_config: {
                      virtual_hosts: [
                        {
                          name: "server",
                          domains: ["*"],
                          routes: [{ match: { prefix: "/" }, route: { cluster: "server", timeout: "120s" } }],
                        },
                      ],
                    },
                    http_filters: [
                      {
                        name: "envoy.filters.http.router",
                        typed_config: { "@type": type("extensions.filters.http.router.v3.Router") },
                      },
                    ],
                  },
                },
              ],
            },
          ],
        },
      ],
      clusters: [
        {
          name: "server",
          type: "STATIC",
          connect_timeout: "2s",
          load_assignment: {
            cluster_name: "server",
            endpoints: [{ lb_endpoints: [{ endpoint: { address: socket("127.0.0.1", serverPort) } }] }],
          },
        },
      ],
    },
  });
}

/** The container beside a server. The names of its volumes change with what is in them, and so the pods with it. */
export function tlsSidecar(
  image: string,
  certificateSecret: pulumi.Input<string>,
  configMap: pulumi.Input<string>,
): Sidecar {
  const [certificate, config] = ["slipway-certificate", "slipway-proxy"];
  return {
    container: {
      name: "tls",
      image,
      command: ["envoy"],
      args: [
        "-c",
        `${PROXY_FOLDER}/envoy.json`,
        "--disable-hot-restart",
        "--log-level",
        "warn",
        "--concurrency",
        "1",
      ],
      ports: [{ name: "tls", containerPort: TLS_PORT, protocol: "TCP" }],
      readinessProbe: { tcpSocket: { port: TLS_PORT }, periodSeconds: 5 },
      resources: { requests: { cpu: "10m", memory: "48Mi" }, limits: { memory: "128Mi" } },
      securityContext: { ...RESTRICTED_CONTAINER, runAsUser: PROXY_UID, runAsGroup: PROXY_UID },
      volumeMounts: [
        { name: certificate, mountPath: CERTIFICATE_FOLDER, readOnly: true },
        { name: config, mountPath: PROXY_FOLDER, readOnly: true },
      ],
    },
    volumes: [
      { name: certificate, secret: { secretName: certificateSecret } },
      { name: config, configMap: { name: configMap } },
    ],
  };
}
