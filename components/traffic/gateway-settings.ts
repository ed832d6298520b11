import type { CorsRules } from "../internal/cors";
import type { ProxySettings } from "../internal/envoy-proxy";
import { byteCount } from "../internal/quantity";
import { imageProblem } from "../internal/references";
import { MEMORY_FORM, checkResources } from "../internal/resource-checks";
import { Problems, isDnsLabel, isHostName, isNodePort, isPort } from "../internal/validation";
import { checkAuth, checkMutualTls } from "./auth-checks";
import type { GatewayAuth } from "./auth-settings";
import { checkCertificate, type CertificateSettings } from "./certificate-settings";
import { resolveCors, type CorsSettings } from "./cors-settings";
import { resolveTracing, type GatewayTracing, type SpanReceiver } from "./gateway-tracing";
import {
  resolveLoadBalancer,
  type LoadBalancerSettings,
  type ResolvedLoadBalancer,
} from "./load-balancer-settings";

/** Settings of an ApiGateway that have a default. */
export interface GatewaySettings {
  /**
   * The shared host, at most 202 characters; every service also has a host of its own beneath it.
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
   * Who sees a client's address, where `serviceType` is not "ClusterIP". "Local" has the proxies see it, so that limits count for
   * each client, and only nodes that run a proxy take requests. "Cluster" has every node take them, in its own name. Envoy Gateway 1.9
   * may leave a NodePort gateway with "Local" without its address when a proxy has moved (`AddressNotAssigned`), until the proxies'
   * Service or Deployment changes next; requests arrive all the same.
   * @default "Local"
   */
  readonly externalTrafficPolicy?: "Local" | "Cluster";
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
   * Longest request body that the gateway can send again when a server goes away in the middle of it: 64Ki to less than 2Gi.
   * @default "8Mi"
   */
  readonly retryBuffer?: string;
  /**
   * Namespace in which Envoy Gateway runs its proxies.
   * @default "envoy-gateway-system"
   */
  readonly proxyNamespace?: string;
  /**
   * A load balancer of AWS' in front of the proxies; needs the AWS load balancer controller. To be decided from the start: Kubernetes
   * lets no Service change over to another load balancer.
   * @default whatever the cluster gives a Service of `serviceType`
   */
  readonly loadBalancer?: LoadBalancerSettings;
  /**
   * Where the certificate comes from.
   * @default {}
   */
  readonly certificate?: CertificateSettings;
  /**
   * How routes ask callers who they are; a ServiceRoute may have its own. There are no routes that do not ask.
   * @default {}
   */
  readonly auth?: GatewayAuth;
  /**
   * Which web pages of other origins may call.
   * @default none
   */
  readonly cors?: CorsSettings;
  /**
   * Bytes of the longest request body over HTTP; the proxies then hold a request until the whole of it is there, and answer 413 to
   * a longer one. At most a quarter of `memoryLimit`. gRPC streams cannot be held: there the server's own limit applies.
   * @default the server's own limit
   */
  readonly maxBodyBytes?: number;
  /**
   * Where the proxies send spans, and of how many requests.
   * @default none: nothing is traced, and a caller's `traceparent` is passed on to the server
   */
  readonly tracing?: GatewayTracing;
}

/** Defaults; a test ties each to its `@default` above. */
export const GATEWAY_DEFAULTS = {
  host: "localhost",
  serviceNames: [] as readonly string[],
  port: 443,
  serviceType: "LoadBalancer",
  externalTrafficPolicy: "Local",
  replicas: 2,
  cpuRequest: "100m",
  memoryRequest: "128Mi",
  memoryLimit: "512Mi",
  retryBuffer: "8Mi",
  proxyNamespace: "envoy-gateway-system",
  certificate: {},
  auth: {},
} as const;

const SERVICE_TYPES = ["LoadBalancer", "NodePort", "ClusterIP"] as const;
const TRAFFIC_POLICIES = ["Local", "Cluster"] as const;

/** Settings with every default filled in. */
export interface ResolvedGateway extends ProxySettings {
  readonly host: string;
  readonly serviceNames: readonly string[];
  readonly retryBuffer: string;
  readonly proxyNamespace: string;
  readonly loadBalancer: ResolvedLoadBalancer | undefined;
  readonly certificate: CertificateSettings;
  readonly auth: GatewayAuth;
  readonly cors: CorsRules | undefined;
  readonly maxBodyBytes: number | undefined;
  readonly tracing: { readonly receiver: SpanReceiver; readonly samplePercent: number } | undefined;
}

/** "conditions.slipway-NAME", an annotation's key, has 63 characters at most. */
const LONGEST_ALB_NAME = 63 - "conditions.slipway-".length;

/** A service's own host begins with its name, of 50 characters at most, and a dot. */
const LONGEST_HOST = 253 - 51;

/** Bytes that HTTP/2 allows a window of flow control, which is as large as the buffer; Envoy Gateway refuses the policy else. */
const RETRY_BUFFER = { least: 65_535, most: 2 ** 31 - 1 };

/** Kubernetes counts pods in 31 bits. */
const MOST_REPLICAS = 2 ** 31 - 1;

/** Envoy counts bytes in 32 bits. */
const MOST_BODY_BYTES = 2 ** 32 - 1;

/**
 * Fills in the defaults and checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function resolveGateway(name: string, args: GatewaySettings): ResolvedGateway {
  const problems = new Problems("ApiGateway", name);
  const certificate: CertificateSettings = args.certificate ?? GATEWAY_DEFAULTS.certificate;
  const settings: ResolvedGateway = {
    host: args.host ?? GATEWAY_DEFAULTS.host,
    serviceNames: args.serviceNames ?? GATEWAY_DEFAULTS.serviceNames,
    port: args.port ?? GATEWAY_DEFAULTS.port,
    serviceType: args.serviceType ?? GATEWAY_DEFAULTS.serviceType,
    nodePort: args.nodePort,
    externalTrafficPolicy: args.externalTrafficPolicy ?? GATEWAY_DEFAULTS.externalTrafficPolicy,
    image: args.image,
    replicas: args.replicas ?? GATEWAY_DEFAULTS.replicas,
    cpuRequest: args.cpuRequest ?? GATEWAY_DEFAULTS.cpuRequest,
    memoryRequest: args.memoryRequest ?? GATEWAY_DEFAULTS.memoryRequest,
    memoryLimit: args.memoryLimit ?? GATEWAY_DEFAULTS.memoryLimit,
    retryBuffer: args.retryBuffer ?? GATEWAY_DEFAULTS.retryBuffer,
    proxyNamespace: args.proxyNamespace ?? GATEWAY_DEFAULTS.proxyNamespace,
    loadBalancer:
      args.loadBalancer &&
      resolveLoadBalancer(args.loadBalancer, certificate.acmArn, "loadBalancer", problems),
    certificate,
    auth: args.auth ?? GATEWAY_DEFAULTS.auth,
    cors: args.cors && resolveCors(args.cors, "cors", problems),
    maxBodyBytes: args.maxBodyBytes,
    tracing: args.tracing && resolveTracing(args.tracing, "tracing", problems),
  };
  const { host, port, serviceType, nodePort, image, replicas } = settings;
  problems.check(isDnsLabel(name), "name", `"${name}" must be a DNS label: it names the Gateway`);
  problems.check(
    settings.loadBalancer?.kind !== "aws-alb" || name.length <= LONGEST_ALB_NAME,
    "name",
    `"${name}" must have at most ${LONGEST_ALB_NAME} characters behind an ALB, whose settings name the proxies' Service after it`,
  );
  problems.check(isHostName(host), "host", `"${host}" must be a host name, as in "models.example.com"`);
  problems.check(
    host.length <= LONGEST_HOST,
    "host",
    `"${host}" must have at most ${LONGEST_HOST} characters: each service has a host of its own beneath it`,
  );
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
  problems.check(
    TRAFFIC_POLICIES.includes(settings.externalTrafficPolicy),
    "externalTrafficPolicy",
    `"${settings.externalTrafficPolicy}" must be one of ${TRAFFIC_POLICIES.join(", ")}`,
  );
  problems.check(
    args.externalTrafficPolicy === undefined ||
      (serviceType !== "ClusterIP" && settings.loadBalancer === undefined),
    "externalTrafficPolicy",
    `"${settings.externalTrafficPolicy}" is for nodes' ports: leave it out with \`loadBalancer\` or a \`serviceType\` of "ClusterIP"`,
  );
  const wrongImage = image === undefined ? undefined : imageProblem(image);
  if (wrongImage) problems.add("image", wrongImage);
  problems.check(
    Number.isInteger(replicas) && replicas >= 1,
    "replicas",
    `${replicas} must be a whole number >= 1`,
  );
  problems.check(!(replicas > MOST_REPLICAS), "replicas", `${replicas} must be at most ${MOST_REPLICAS}`);
  problems.check(
    isDnsLabel(settings.proxyNamespace),
    "proxyNamespace",
    `"${settings.proxyNamespace}" must be the name of a namespace`,
  );
  checkResources(settings, problems);
  checkRetryBuffer(settings.retryBuffer, problems);
  checkCertificate(certificate, "certificate", problems);
  checkAuth(settings.auth, "auth", problems);
  checkConnections(settings, problems);
  checkBody(settings, problems);
  problems.throwIfAny();
  return settings;
}

/** What depends on where clients' TLS ends. */
function checkConnections(
  { serviceType, nodePort, loadBalancer, certificate, auth }: ResolvedGateway,
  problems: Problems,
): void {
  if (loadBalancer !== undefined) {
    problems.check(
      serviceType === "LoadBalancer" && nodePort === undefined,
      "loadBalancer",
      "decides how the proxies are reached: leave `serviceType` and `nodePort` out",
    );
  }
  problems.check(
    certificate.acmArn === undefined || loadBalancer !== undefined,
    "certificate.acmArn",
    "is used by a load balancer of AWS' alone: needs `loadBalancer`",
  );
  const mtls = auth?.mtls;
  if (mtls === undefined) return;
  checkMutualTls(mtls, "auth.mtls", problems);
  problems.check(
    certificate.acmArn === undefined,
    "auth.mtls",
    "needs clients' TLS to end at the proxies; with `certificate.acmArn` it ends at the load balancer",
  );
}

function checkRetryBuffer(retryBuffer: string, problems: Problems): void {
  const bytes = byteCount(retryBuffer);
  const { least, most } = RETRY_BUFFER;
  if (!bytes) problems.add("retryBuffer", `"${retryBuffer}" must be ${MEMORY_FORM}`);
  else
    problems.check(
      bytes >= least && bytes <= most,
      "retryBuffer",
      `"${retryBuffer}" must be from ${least} to ${most} bytes, as windows of HTTP/2 are`,
    );
}

function checkBody({ maxBodyBytes, memoryLimit }: ResolvedGateway, problems: Problems): void {
  if (maxBodyBytes === undefined) return;
  if (!Number.isInteger(maxBodyBytes) || maxBodyBytes < 1 || maxBodyBytes > MOST_BODY_BYTES) {
    problems.add("maxBodyBytes", `${maxBodyBytes} must be a whole number from 1 to ${MOST_BODY_BYTES}`);
    return;
  }
  const memory = byteCount(memoryLimit);
  problems.check(
    memory === undefined || maxBodyBytes * 4 <= memory,
    "maxBodyBytes",
    `${maxBodyBytes} must be at most a quarter of \`memoryLimit\` ("${memoryLimit}"): the proxies hold whole requests`,
  );
}
