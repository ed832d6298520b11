import { ensureTools } from "../../toolchain/build";
import { startCluster, type Cluster } from "../../toolchain/cluster";
import type { Progress } from "../../toolchain/progress";

/** The cluster that a run of `up` works on: the embedded one, or one that exists. */
export interface Target {
  /** Path. */
  kubeconfig: string;
  /** @default the kubeconfig's current context */
  context?: string;
  /** Registry for image and models, host and port with an optional path. */
  registry: string;
  /** Loopback URLs with credentials, where the cluster forwards them. */
  prometheus?: string;
  alertmanager?: string;
  /** What this cluster adds to the profile's configuration. */
  config: Record<string, unknown>;
  /** A runtime image that need not be built. */
  runtimeImage?: string;
}

/** Starts the embedded cluster, or repairs it, and says how the stack is to be laid on it. */
export async function embeddedTarget(gatewayPort: number, progress: Progress): Promise<Target> {
  const tools = await ensureTools(["engine", "cluster"], progress);
  return targetOf(await startCluster({ tools, progress, gatewayPort }));
}

export function targetOf(cluster: Cluster): Target {
  return {
    kubeconfig: cluster.kubeconfig,
    registry: cluster.registry,
    prometheus: cluster.prometheusUrl,
    alertmanager: cluster.alertmanagerUrl,
    config: embeddedConfig(cluster),
  };
}

function embeddedConfig({ registry, gatewayPort, images }: Cluster): Record<string, unknown> {
  return {
    envoyImage: images.envoy,
    prometheusImage: images.prometheus,
    configReloaderImage: images["prometheus-config-reloader"],
    alertmanagerImage: images["prometheus-alertmanager"],
    gatewayPort,
    insecureRegistries: [registry],
  };
}
