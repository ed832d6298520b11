import type { ServingStackArgs } from "../components";
import type { ConfigReader } from "./settings";

type GatewayServiceType = "LoadBalancer" | "NodePort" | "ClusterIP" | undefined;

/** What the configuration says about a ServingStack, for a profile's own host. */
export function stackArgs(config: ConfigReader, host: string): ServingStackArgs {
  // The reader has checked it against the three types that there are.
  const serviceType = config.text("gatewayServiceType") as GatewayServiceType;
  return {
    runtimeImage: config.requiredText("runtimeImage"),
    services: config.services(),
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
