import type { ProxySettings } from "../internal/envoy-proxy";
import { byteCount } from "../internal/quantity";
import { imageProblem } from "../internal/references";
import { MEMORY_FORM, checkResources } from "../internal/resource-checks";
import { Problems, isDnsLabel, isHostName, isNodePort, isPort } from "../internal/validation";

/** Settings of an ApiGateway that have a default. */
export interface GatewaySettings {
  /**
   * The shared host; every service also has a host of its own beneath it.
   * @default "localhost"
   */
  readonly host?: string;
  /**
   * Names of services whose hosts the certificate lists one by one. Needed where `host` is a single label, as "localhost"
   * is: no client accepts a wildcard directly beneath a top-level name.
   * @default []
   */
  readonly serviceNames?: readonly string[];
  /**
   * Port of the Service in front of the proxies.
   * @default 443
   */
  readonly port?: number;
  /**
   * How the proxies are reached from outside.
   * @default "LoadBalancer"
   */
  readonly serviceType?: "LoadBalancer" | "NodePort" | "ClusterIP";
  /**
   * Port on every node (30000 to 32767), where `serviceType` is not "ClusterIP".
   * @default chosen by the API server
   */
  readonly nodePort?: number;
  /**
   * Envoy's image, with a digest.
   * @default Envoy Gateway's own
   */
  readonly image?: string;
  /**
   * Proxies.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * CPU reserved per proxy.
   * @default "100m"
   */
  readonly cpuRequest?: string;
  /**
   * Memory reserved per proxy.
   * @default "128Mi"
   */
  readonly memoryRequest?: string;
  /**
   * Memory per proxy at most.
   * @default "512Mi"
   */
  readonly memoryLimit?: string;
  /**
   * Longest request body that the gateway can send again when a server goes away in the middle of it.
   * @default "8Mi"
   */
  readonly retryBuffer?: string;
  /**
   * Namespace in which Envoy Gateway runs its proxies.
   * @default "envoy-gateway-system"
   */
  readonly proxyNamespace?: string;
}

/** Defaults; a test ties each to its `@default` above. */
export const GATEWAY_DEFAULTS = {
  host: "localhost",
  serviceNames: [] as readonly string[],
  port: 443,
  serviceType: "LoadBalancer",
  replicas: 2,
  cpuRequest: "100m",
  memoryRequest: "128Mi",
  memoryLimit: "512Mi",
  retryBuffer: "8Mi",
  proxyNamespace: "envoy-gateway-system",
} as const;

const SERVICE_TYPES = ["LoadBalancer", "NodePort", "ClusterIP"] as const;

/** Settings with every default filled in. */
export interface ResolvedGateway extends ProxySettings {
  readonly host: string;
  readonly serviceNames: readonly string[];
  readonly retryBuffer: string;
  readonly proxyNamespace: string;
}

/**
 * Fills in the defaults and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveGateway(name: string, args: GatewaySettings): ResolvedGateway {
  const settings: ResolvedGateway = {
    host: args.host ?? GATEWAY_DEFAULTS.host,
    serviceNames: args.serviceNames ?? GATEWAY_DEFAULTS.serviceNames,
    port: args.port ?? GATEWAY_DEFAULTS.port,
    serviceType: args.serviceType ?? GATEWAY_DEFAULTS.serviceType,
    nodePort: args.nodePort,
    image: args.image,
    replicas: args.replicas ?? GATEWAY_DEFAULTS.replicas,
    cpuRequest: args.cpuRequest ?? GATEWAY_DEFAULTS.cpuRequest,
    memoryRequest: args.memoryRequest ?? GATEWAY_DEFAULTS.memoryRequest,
    memoryLimit: args.memoryLimit ?? GATEWAY_DEFAULTS.memoryLimit,
    retryBuffer: args.retryBuffer ?? GATEWAY_DEFAULTS.retryBuffer,
    proxyNamespace: args.proxyNamespace ?? GATEWAY_DEFAULTS.proxyNamespace,
  };
  const { host, port, serviceType, nodePort, image, replicas } = settings;
  const problems = new Problems("ApiGateway", name);
  problems.check(isDnsLabel(name), "name", `"${name}" must be a DNS label: it names the Gateway`);
  problems.check(isHostName(host), "host", `"${host}" must be a host name, as in "models.example.com"`);
  settings.serviceNames.forEach((service, i) =>
    problems.check(isDnsLabel(service), `serviceNames[${i}]`, `"${service}" must be a DNS label`),
  );
  problems.check(isPort(port), "port", `${port} must be from 1 to 65535`);
  problems.check(
    SERVICE_TYPES.includes(serviceType),
    "serviceType",
    `"${serviceType}" must be one of ${SERVICE_TYPES.join(", ")}`,
  );
  if (nodePort !== undefined) {
    problems.check(isNodePort(nodePort), "nodePort", `${nodePort} must be from 30000 to 32767`);
    problems.check(
      serviceType !== "ClusterIP",
      "nodePort",
      `${nodePort} needs a \`serviceType\` other than "ClusterIP"`,
    );
  }
  const wrongImage = image === undefined ? undefined : imageProblem(image);
  if (wrongImage) problems.add("image", wrongImage);
  problems.check(
    Number.isInteger(replicas) && replicas >= 1,
    "replicas",
    `${replicas} must be a whole number >= 1`,
  );
  checkResources(settings, problems);
  problems.check(
    (byteCount(settings.retryBuffer) ?? 0) > 0,
    "retryBuffer",
    `"${settings.retryBuffer}" must be ${MEMORY_FORM}`,
  );
  problems.throwIfAny();
  return settings;
}
