import type { ServingStackArgs } from "../components";
import type { ConfigReader } from "./settings";

/** What the configuration says about a ServingStack, for a profile's own host. */
export function stackArgs(config: ConfigReader, host: string): ServingStackArgs {
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
      // The reader has checked it against the three types that there are.
      serviceType: config.text("gatewayServiceType") as "LoadBalancer" | "NodePort" | "ClusterIP" | undefined,
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
