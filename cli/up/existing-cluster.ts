import { existsSync } from "node:fs";
import { ApiextensionsV1Api, KubeConfig } from "@kubernetes/client-node";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import { speaksPlainHttp } from "../../toolchain/image/registry-address";
import { withTask, type Progress } from "../../toolchain/progress";
import { kubeconfigPath } from "../kubeconfig";
import type { Target } from "./target";

export interface ExistingClusterOptions {
  context?: string;
  /** Registry that both this machine and the cluster reach. */
  registry?: string;
  /** DNS name under which the gateway will be reached. */
  host?: string;
  /** Reference with digest; saves building and pushing one. */
  runtimeImage?: string;
  gatewayPort: number;
}

/** Exit status for wrong usage, as sysexits.h has it. */
const EX_USAGE = 64;

/** What the stack's objects need to be understood, and who brings it. */
export const REQUIRED_CRDS: Record<string, string> = {
  "gateways.gateway.networking.k8s.io": "Gateway API",
  "securitypolicies.gateway.envoyproxy.io": "Envoy Gateway",
  "prometheuses.monitoring.coreos.com": "prometheus-operator",
};

/** Throws one sentence for what is wrong with the options or the kubeconfig; asks no cluster. */
export function assertExistingCluster(options: ExistingClusterOptions): {
  config: KubeConfig;
  registry: string;
  host: string;
} {
  const config = loadContext(kubeconfigPath(), options.context);
  const { registry, host } = options;
  if (!registry)
    throw new SlipwayError(
      "an existing cluster needs `--registry`, a registry that both you and it reach",
      EX_USAGE,
    );
  if (!host)
    throw new SlipwayError("an existing cluster needs `--host`, the DNS name of its gateway", EX_USAGE);
  return { config, registry, host };
}

/** Uses a cluster that exists, after making sure that the stack can live there. */
export async function existingTarget(options: ExistingClusterOptions, progress: Progress): Promise<Target> {
  const kubeconfig = kubeconfigPath();
  const { config, registry, host } = assertExistingCluster(options);
  await withTask(progress, `Looking at the cluster of context ${config.getCurrentContext()}`, () =>
    assertPlatform(config),
  );
  return {
    kubeconfig,
    context: config.getCurrentContext(),
    registry,
    runtimeImage: options.runtimeImage,
    config: {
      host,
      gatewayPort: options.gatewayPort,
      gatewayServiceType: "LoadBalancer",
      // Pods fetch models from where they were pushed to, in the same way.
      insecureRegistries: speaksPlainHttp(registry) ? [registry.replace(/\/.*$/, "")] : [],
    },
  };
}

/** Throws one sentence where the kubeconfig, or the context in it, is not there or cannot be read. */
export function loadContext(path: string, context?: string): KubeConfig {
  if (!existsSync(path)) {
    throw new SlipwayError(
      `there is no kubeconfig at ${path}; set KUBECONFIG to one, or use the embedded cluster with \`--embedded\``,
    );
  }
  const config = new KubeConfig();
  try {
    config.loadFromFile(path);
  } catch (error) {
    throw new SlipwayError(
      `the kubeconfig ${path} cannot be read (${messageOf(error).split("\n")[0]}); mend it, or set KUBECONFIG to another`,
    );
  }
  if (context !== undefined) {
    const known = config.getContexts().map(({ name }) => name);
    if (!known.includes(context)) {
      const choice = known.length > 0 ? `it has: ${known.join(", ")}` : "it has none";
      throw new SlipwayError(`\`--context\` ${context} is not in ${path}; ${choice}`, EX_USAGE);
    }
    config.setCurrentContext(context);
  }
  return config;
}

async function assertPlatform(config: KubeConfig): Promise<void> {
  const api = config.makeApiClient(ApiextensionsV1Api);
  let installed: Set<string>;
  try {
    const { items } = await api.listCustomResourceDefinition();
    installed = new Set(items.map(({ metadata }) => metadata?.name ?? ""));
  } catch (error) {
    const server = config.getCurrentCluster()?.server ?? "of the kubeconfig";
    throw new SlipwayError(`the cluster ${server} does not answer: ${messageOf(error).split("\n")[0]}`);
  }
  const missing = Object.entries(REQUIRED_CRDS).filter(([crd]) => !installed.has(crd));
  if (missing.length > 0) {
    throw new SlipwayError(
      `the cluster lacks ${missing.map(([, name]) => name).join(", ")}; install it there first`,
    );
  }
}
