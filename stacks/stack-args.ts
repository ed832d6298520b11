import type { GpuNodePool, RolloutSettings, ServingStackArgs } from "../components";
import type { TrafficState } from "../rollout/traffic-state";
import { monitoringArgs } from "./monitoring-args";
import { poolNamed } from "./pool-config";
import { retrainingArgs } from "./retraining-config";
import type { RolloutConfig } from "./service-config";
import type { ConfigReader } from "./settings";
import { telemetryArgs } from "./telemetry-config";

type GatewayServiceType = "LoadBalancer" | "NodePort" | "ClusterIP" | undefined;
type ExternalTrafficPolicy = "Local" | "Cluster" | undefined;

/** What the configuration says about a ServingStack, for a profile's own host. */
export function stackArgs(
  config: ConfigReader,
  host: string,
  pools: ReadonlyMap<string, GpuNodePool> = new Map(),
): ServingStackArgs {
  // The reader has checked it against the three types that there are, and the traffic policy against its two.
  const serviceType = config.text("gatewayServiceType") as GatewayServiceType;
  const traffic = config.traffic();
  return {
    runtimeImage: config.requiredText("runtimeImage"),
    services: config.services().map((service, i) => {
      const path = `slipway:services[${i}]`;
      const { rollout, ...rest } = withPool(service, pools, path);
      if (rollout === undefined) return rest;
      return { ...rest, rollout: rolloutOf(rollout, traffic[service.name], pools, `${path}.rollout`) };
    }),
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
      externalTrafficPolicy: config.text("gatewayExternalTrafficPolicy") as ExternalTrafficPolicy,
      replicas: config.wholeNumber("gatewayReplicas"),
      image: config.text("envoyImage"),
    },
    monitoring: monitoringArgs(config),
    telemetry: telemetryArgs(config),
    retraining: retrainingArgs(config),
  };
}

type WithPool<T> = Omit<T, "gpuPool"> & { readonly gpuPool?: GpuNodePool };

function withPool<T extends { readonly gpuPool?: string }>(
  { gpuPool, ...rest }: T,
  pools: ReadonlyMap<string, GpuNodePool>,
  path: string,
): WithPool<T> {
  if (gpuPool === undefined) return rest;
  return { ...rest, gpuPool: poolNamed(gpuPool, pools, `${path}.gpuPool`) };
}

function rolloutOf(
  { slots, ...rollout }: RolloutConfig,
  traffic: TrafficState | undefined,
  pools: ReadonlyMap<string, GpuNodePool>,
  path: string,
): RolloutSettings {
  const filled = Object.entries(slots).map(([slot, content]) => [
    slot,
    withPool(content, pools, `${path}.slots.${slot}`),
  ]);
  return {
    ...rollout,
    slots: Object.fromEntries(filled) as RolloutSettings["slots"],
    ...(traffic === undefined ? {} : { traffic }),
  };
}
