import { nlbService, type AwsLoadBalancer } from "./load-balancer";
import { RESTRICTED_CONTAINER } from "./pod-security";
import { proxyTelemetry, type ProxyTracing } from "./proxy-telemetry";

/** How the gateway's proxies run, resolved. */
export interface ProxySettings {
  /** Undefined takes Envoy Gateway's own. */
  readonly image: string | undefined;
  readonly replicas: number;
  readonly serviceType: "LoadBalancer" | "NodePort" | "ClusterIP";
  readonly port: number;
  /** Undefined lets the API server choose. */
  readonly nodePort: number | undefined;
  readonly externalTrafficPolicy: "Local" | "Cluster";
  /** One of AWS' in front of the proxies, instead of what `serviceType` gives. */
  readonly loadBalancer: AwsLoadBalancer | undefined;
  readonly cpuRequest: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
  /** Undefined where requests are not traced. */
  readonly tracing: ProxyTracing | undefined;
}

/** Name of the proxies' Service where an Ingress has to know it; otherwise Envoy Gateway chooses. */
export function proxyServiceName(gateway: string): string {
  return `slipway-${gateway}`;
}

/** Clients are told to leave before the proxy goes. */
const DRAIN = { drainTimeout: "20s", minDrainDuration: "5s" };

/** AWS' load balancers go on sending new connections for up to a minute after they were told not to. */
const AWS_DRAIN = { drainTimeout: "120s", minDrainDuration: "60s" };

/** EnvoyProxy: what Envoy Gateway makes of a Gateway. */
export function envoyProxySpec(gateway: string, proxy: ProxySettings) {
  return {
    provider: {
      type: "Kubernetes",
      kubernetes: {
        envoyDeployment: {
          replicas: proxy.replicas,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
          container: {
            ...(proxy.image === undefined ? {} : { image: proxy.image }),
            resources: {
              requests: { cpu: proxy.cpuRequest, memory: proxy.memoryRequest },
              limits: { memory: proxy.memoryLimit },
            },
            securityContext: { ...RESTRICTED_CONTAINER, runAsUser: 65532, runAsGroup: 65532 },
          },
        },
        ...(proxy.replicas > 1 ? { envoyPDB: { maxUnavailable: 1 } } : {}),
        envoyService: envoyService(gateway, proxy),
      },
    },
    shutdown: proxy.loadBalancer === undefined ? DRAIN : AWS_DRAIN,
    logging: { level: { default: "warn" } },
    telemetry: proxyTelemetry(proxy.tracing),
  };
}

function envoyService(gateway: string, proxy: ProxySettings) {
  const { loadBalancer, port } = proxy;
  if (loadBalancer?.kind === "aws-nlb") return nlbService(loadBalancer, port);
  if (loadBalancer?.kind === "aws-alb") return { type: "ClusterIP", name: proxyServiceName(gateway) };
  const service = { type: proxy.serviceType };
  if (proxy.serviceType === "ClusterIP") return service;
  const reached = { ...service, externalTrafficPolicy: proxy.externalTrafficPolicy };
  if (proxy.nodePort === undefined) return reached;
  // Ports merge by their number, so the name that Envoy Gateway gives this one stays.
  const ports = [{ port: proxy.port, protocol: "TCP", nodePort: proxy.nodePort }];
  return { ...reached, patch: { type: "StrategicMerge", value: { spec: { ports } } } };
}
