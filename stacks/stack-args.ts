import type { GpuNodePool, ServingStackArgs, StackService } from "../components";
import { poolNamed } from "./pool-config";
import type { ServiceConfig } from "./service-config";
import type { ConfigReader } from "./settings";

type GatewayServiceType = "LoadBalancer" | "NodePort" | "ClusterIP" | undefined;

/** What the configuration says about a ServingStack, for a profile's own host. */
export function stackArgs(
  config: ConfigReader,
  host: string,
  pools: ReadonlyMap<string, GpuNodePool> = new Map(),
): ServingStackArgs {
  // The reader has checked it against the three types that there are.
  const serviceType = config.text("gatewayServiceType") as GatewayServiceType;
  return {
    runtimeImage: config.requiredText("runtimeImage"),
    services: config
      .services()
      .map((service, i) => withPool(service, pools, `slipway:services[${i}].gpuPool`)),
    tokenIssuer: config.text("tokenIssuer") ?? `https://slipway.${config.profile}`,
    limits: {
      requestsPerSecond: config.wholeNumber("requestsPerSecond"),
      requestTimeout: config.wholeNumber("requestTimeout"),
    },
    repository: {
      insecureRegistries: config.texts("insecureRegistries"),
      registryCidrs: config.texts("registryCidrs"),
    },
    gateway: {
      host,
      serviceType,
      // Through a node's port clients never see the listener's own.
      port: serviceType === "NodePort" ? undefined : config.wholeNumber("gatewayPort"),
      nodePort: config.wholeNumber("gatewayNodePort"),
      replicas: config.wholeNumber("gatewayReplicas"),
      image: config.text("envoyImage"),
    },
    monitoring: {
      image: config.text("prometheusImage"),
      version: config.text("prometheusVersion"),
      configReloaderImage: config.text("configReloaderImage"),
      nodePort: config.wholeNumber("prometheusNodePort"),
      readerCidrs: config.texts("prometheusReaderCidrs"),
    },
  };
}

function withPool(
  { gpuPool, ...service }: ServiceConfig,
  pools: ReadonlyMap<string, GpuNodePool>,
  path: string,
): StackService {
  return gpuPool === undefined ? service : { ...service, gpuPool: poolNamed(gpuPool, pools, path) };
}
