import {
  GpuNodePool,
  GpuSupport,
  PlatformServices,
  ServingCluster,
  ServingNetwork,
  ServingStack,
  type ApiGatewayArgs,
} from "../../components";
import { ConfigError } from "../config-error";
import { outputsOf } from "../outputs";
import type { ConfigReader } from "../settings";
import { stackArgs } from "../stack-args";

const NAME = "slipway";
const DEFAULT_PORT = 443;

/** Profile `aws`: everything from the network to the services, in an account of its own or beside others. */
export function aws(config: ConfigReader): Record<string, unknown> {
  const publicAccessCidrs = apiServerCidrs(config);
  const network = new ServingNetwork(NAME, {
    cidr: config.text("networkCidr"),
    zones: config.wholeNumber("zones"),
    natGateways: config.text("natGateways") as "one-per-zone" | "single" | "none" | undefined,
  });
  const cluster = new ServingCluster(NAME, {
    network,
    version: config.text("kubernetesVersion"),
    administrators: config.texts("administrators"),
    publicAccessCidrs,
    deletionProtection: isProtected(config),
  });
  const { provider } = cluster;
  const platform = new PlatformServices(NAME, { provider, aws: { cluster, vpcId: network.vpcId } });
  const ready = { dependsOn: [platform] };
  const pools = createPools(config, cluster, ready);
  const gpus = pools.size > 0 && new GpuSupport(NAME, { provider, pools: [...pools.values()] }, ready);
  const args = stackArgs(config, config.requiredText("host"), pools);
  const monitoring = {
    ...args.monitoring,
    readers: platform.prometheusReaders,
    gpuExporters: gpus ? [gpus.exporter] : [],
  };
  const bucket = config.text("modelBucket");
  const repository =
    bucket === undefined
      ? args.repository
      : {
          kind: "s3" as const,
          clusterName: cluster.clusterName,
          existing: { bucket, keyArn: config.text("modelBucketKeyArn") },
        };
  const gateway = { ...args.gateway, ...frontDoor(config) };
  // Pods with GPUs are not placed before there are nodes for them, or somebody who starts such, and what tells of their GPUs.
  const dependsOn = [platform, ...pools.values(), ...(gpus ? [gpus] : [])];
  const stack = new ServingStack(NAME, { ...args, monitoring, repository, gateway }, { provider, dependsOn });
  return {
    ...outputsOf(stack, config.wholeNumber("gatewayPort") ?? DEFAULT_PORT),
    clusterName: cluster.clusterName,
    kubeconfig: cluster.kubeconfig,
  };
}

/**
 * Where the API server can be reached from.
 * @throws ConfigError where this program, which makes the VPC and then objects in the cluster, could not reach it unawares.
 */
function apiServerCidrs(config: ConfigReader): string[] {
  const cidrs = config.texts("apiServerCidrs") ?? [];
  const isPrivate = config.text("apiServerPrivate") === "true";
  if (cidrs.length === 0 && !isPrivate) {
    throw new ConfigError(
      '`slipway:apiServerCidrs` must name the addresses that this program reaches the API server from, as in ["203.0.113.7/32"]; where it has a way into the VPC, set `slipway:apiServerPrivate` to true instead.',
    );
  }
  if (cidrs.length > 0 && isPrivate) {
    throw new ConfigError(
      "`slipway:apiServerCidrs` must be left out where `slipway:apiServerPrivate` is true: they open the API server to the internet.",
    );
  }
  return cidrs;
}

/** A network load balancer, whose certificate is AWS' where there is one. */
function frontDoor(config: ConfigReader): Pick<ApiGatewayArgs, "loadBalancer" | "certificate"> {
  const acmArn = config.text("certificateArn");
  return {
    loadBalancer: {
      kind: "aws-nlb",
      scheme: config.text("loadBalancerScheme") as "internal" | "internet-facing" | undefined,
      sourceRanges: config.texts("loadBalancerRanges"),
      deletionProtection: isProtected(config),
    },
    ...(acmArn === undefined ? {} : { certificate: { acmArn } }),
  };
}

const isProtected = (config: ConfigReader): boolean => config.text("deletionProtection") !== "false";

function createPools(
  config: ConfigReader,
  cluster: ServingCluster,
  ready: { dependsOn: PlatformServices[] },
): Map<string, GpuNodePool> {
  const pools = new Map<string, GpuNodePool>();
  for (const { name, ...settings } of config.pools()) {
    // Only Karpenter's pools are objects of a controller; groups of EKS need not wait for any.
    const karpenter = settings.provisioner === "karpenter";
    const args = { ...settings, cluster, provider: karpenter ? cluster.provider : undefined };
    pools.set(name, new GpuNodePool(name, args, karpenter ? ready : {}));
  }
  return pools;
}
