import { proxyTelemetry } from "../../components/internal/proxy-telemetry";

const type = (name: string) => `type.googleapis.com/envoy.${name}`;

/** Ports of this machine, and the authority of the collector's certificate. */
export interface EnvoyPlace {
  readonly listen: number;
  readonly admin: number;
  readonly server: number;
  readonly collector: number;
  readonly authorityFile: string;
}

/**
 * What Envoy Gateway 1.9 makes of an EnvoyProxy's `telemetry` (internal/xds/translator, accesslog.go and tracing.go), for one listener
 * that leads to one server.
 */
export function envoyConfig({ listen, admin, server, collector, authorityFile }: EnvoyPlace): object {
  const { accessLog } = proxyTelemetry({
    receiver: { serviceName: "telemetry", grpcPort: collector },
    samplePercent: 100,
  });
  const [{ format, sinks }] = accessLog.settings as [(typeof accessLog.settings)[number]];
  const connections = {
    "@type": type("extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"),
    stat_prefix: "https",
    use_remote_address: true,
    access_log: [
      {
        name: "envoy.access_loggers.file",
        typed_config: {
          "@type": type("extensions.access_loggers.file.v3.FileAccessLog"),
          path: sinks[0]!.file.path,
          log_format: {
            json_format: format.json,
            formatters: [
              {
                name: "envoy.formatter.req_without_query",
                typed_config: { "@type": type("extensions.formatter.req_without_query.v3.ReqWithoutQuery") },
              },
            ],
          },
        },
      },
    ],
    tracing: {
      random_sampling: { value: 100 },
      spawn_upstream_span: true,
      provider: {
        name: "envoy.tracers.opentelemetry",
        typed_config: {
          "@type": type("config.trace.v3.OpenTelemetryConfig"),
          grpc_service: { envoy_grpc: { cluster_name: "tracing" }, timeout: "1s" },
          service_name: "slipway.gateway",
        },
      },
    },
    route_config: {
      virtual_hosts: [
        {
          name: "all",
          domains: ["*"],
          routes: [{ name: "infer", match: { prefix: "/" }, route: { cluster: "server" } }],
        },
      ],
    },
    http_filters: [
      {
        name: "envoy.filters.http.router",
        typed_config: { "@type": type("extensions.filters.http.router.v3.Router") },
      },
    ],
  };
  const filters = [{ name: "envoy.filters.network.http_connection_manager", typed_config: connections }];
  const cluster = (name: string, port: number, more: object) => ({
    name,
    type: "STATIC",
    connect_timeout: "2s",
    load_assignment: {
      cluster_name: name,
      endpoints: [{ lb_endpoints: [{ endpoint: { address: address(port) } }] }],
    },
    ...more,
  });
  const tls = {
    "@type": type("extensions.transport_sockets.tls.v3.UpstreamTlsContext"),
    sni: "localhost",
    common_tls_context: { validation_context: { trusted_ca: { filename: authorityFile } } },
  };
  const http2 = {
    "@type": type("extensions.upstreams.http.v3.HttpProtocolOptions"),
    explicit_http_config: { http2_protocol_options: {} },
  };
  return {
    admin: { address: address(admin) },
    static_resources: {
      listeners: [{ name: "all", address: address(listen), filter_chains: [{ filters }] }],
      clusters: [
        cluster("server", server, {}),
        cluster("tracing", collector, {
          typed_extension_protocol_options: {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": http2,
          },
          transport_socket: { name: "envoy.transport_sockets.tls", typed_config: tls },
        }),
      ],
    },
  };
}

function address(port: number): object {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}
