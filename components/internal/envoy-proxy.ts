import { RESTRICTED_CONTAINER } from "./pod-security";

/** How the gateway's proxies run, resolved. */
export interface ProxySettings {
  /** Undefined takes Envoy Gateway's own. */
  readonly image: string | undefined;
  readonly replicas: number;
  readonly serviceType: "LoadBalancer" | "NodePort" | "ClusterIP";
  readonly port: number;
  /** Undefined lets the API server choose. */
  readonly nodePort: number | undefined;
  readonly cpuRequest: string;
  readonly memoryRequest: string;
  readonly memoryLimit: string;
}

/** EnvoyProxy: what Envoy Gateway makes of a Gateway. */
export function envoyProxySpec(proxy: ProxySettings) {
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
        envoyService: envoyService(proxy),
      },
    },
    // Clients are told to leave before the proxy goes.
    shutdown: { drainTimeout: "20s", minDrainDuration: "5s" },
    logging: { level: { default: "warn" } },
  };
}

function envoyService(proxy: ProxySettings) {
  const service = { type: proxy.serviceType };
  if (proxy.serviceType === "ClusterIP") return service;
  const local = { ...service, externalTrafficPolicy: "Local" };
  if (proxy.nodePort === undefined) return local;
  // Ports merge by their number, so the name that Envoy Gateway gives this one stays.
  const ports = [{ port: proxy.port, protocol: "TCP", nodePort: proxy.nodePort }];
  return { ...local, patch: { type: "StrategicMerge", value: { spec: { ports } } } };
}
