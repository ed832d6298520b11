import {
  EDGE_DEFAULTS,
  type EdgeMetrics,
  type ResolvedEdge,
  type ResolvedMetrics,
} from "../edge/edge-settings";
import { checkEdge, type GivenEdge } from "./edge-checks";
import { enlarged, loadTime } from "./model-footprint";
import type { Toleration } from "./placement-checks";
import { byteCount } from "./quantity";

/**
 * A node that its control plane cannot reach is tainted, and its pods would be taken away: they would end as soon as the uplink
 * is back, although nothing was wrong with them.
 */
const STAYS: readonly Toleration[] = ["not-ready", "unreachable"].map((state) => ({
  key: `node.kubernetes.io/${state}`,
  operator: "Exists",
  effect: "NoExecute",
}));

/**
 * Fills in the defaults and checks the whole declaration.
 * @throws InputPropertiesError with every problem.
 */
export function resolveEdge(name: string, args: GivenEdge): ResolvedEdge {
  const modelBytes = args.modelSize === undefined ? 0 : (byteCount(args.modelSize) ?? 0);
  const settings: ResolvedEdge = {
    modelBytes,
    cache: {
      size: args.cache?.size ?? enlarged(EDGE_DEFAULTS.size, 3 * modelBytes),
      storageClass: args.cache?.storageClass,
    },
    metrics: args.metrics && resolveMetrics(args.metrics),
    nodePort: args.nodePort,
    priorityClassName: args.priorityClassName,
    modelPullSecret: args.modelPullSecret,
    clientCidrs: args.clientCidrs ?? EDGE_DEFAULTS.clientCidrs,
    hostNames: args.hostNames ?? EDGE_DEFAULTS.hostNames,
    ipAddresses: args.ipAddresses ?? EDGE_DEFAULTS.ipAddresses,
    certificateDays: args.certificateDays ?? EDGE_DEFAULTS.certificateDays,
    cpuRequest: args.cpuRequest ?? EDGE_DEFAULTS.cpuRequest,
    cpuLimit: args.cpuLimit ?? EDGE_DEFAULTS.cpuLimit,
    memoryRequest: args.memoryRequest ?? enlarged(EDGE_DEFAULTS.memoryRequest, modelBytes),
    memoryLimit: args.memoryLimit ?? enlarged(EDGE_DEFAULTS.memoryLimit, 2 * modelBytes),
    nodeSelector: args.nodeSelector ?? EDGE_DEFAULTS.nodeSelector,
    nodeRequirements: args.nodeRequirements ?? EDGE_DEFAULTS.nodeRequirements,
    tolerations: [...(args.tolerations ?? EDGE_DEFAULTS.tolerations), ...STAYS],
    imagePullSecrets: args.imagePullSecrets ?? EDGE_DEFAULTS.imagePullSecrets,
    fetchTimeout: args.fetchTimeout ?? EDGE_DEFAULTS.fetchTimeout,
    startupTimeout: args.startupTimeout ?? EDGE_DEFAULTS.startupTimeout + loadTime(modelBytes),
    options: args.options ?? EDGE_DEFAULTS.options,
  };
  checkEdge(name, args, settings);
  return settings;
}

function resolveMetrics(metrics: EdgeMetrics): ResolvedMetrics {
  return {
    ...metrics,
    majorVersion: metrics.majorVersion ?? EDGE_DEFAULTS.majorVersion,
    bufferHours: metrics.bufferHours ?? EDGE_DEFAULTS.bufferHours,
    scrapeInterval: metrics.scrapeInterval ?? EDGE_DEFAULTS.scrapeInterval,
    maxSeries: metrics.maxSeries ?? EDGE_DEFAULTS.maxSeries,
  };
}
