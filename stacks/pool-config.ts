import type { GpuNodePool, PoolSettings } from "../components";
import { ConfigError } from "./config-error";
import { checkFields, shorten, type Field } from "./fields";

/** A pool of GPU nodes as the configuration has it. */
export interface PoolConfig extends Omit<PoolSettings, "tags" | "taints"> {
  readonly name: string;
}

/** Fields of an entry of `slipway:gpuPools`. */
export const POOL_FIELDS = {
  name: { type: "text", required: true, doc: "Names the pool; services refer to it by `gpuPool`." },
  provisioner: {
    type: "text",
    default: "`eks` in profile `aws`, `existing` elsewhere",
    doc: "Who makes the nodes: `eks` (a managed node group), `karpenter`, or nobody (`existing`).",
  },
  instanceTypes: {
    type: "list of texts",
    doc: "EC2 types with NVIDIA GPUs, of one architecture; required but for `existing`.",
  },
  capacity: {
    type: "text",
    default: "`on-demand`",
    doc: "How instances are bought: `on-demand`, `spot` or `capacity-block`.",
  },
  capacityReservationId: { type: "text", doc: "The reservation of a `capacity-block`: `cr-…`." },
  availabilityZone: {
    type: "text",
    doc: "The one zone that nodes are in: `eu-central-1a`. For `eks` required with `efa` or a reservation; another one replaces the node group.",
  },
  minNodes: {
    type: "number",
    default: "`1` for `eks`, else `0`",
    doc: "For `eks`: nodes that there are, as nothing adds any. `karpenter` starts from 0.",
  },
  maxNodes: {
    type: "number",
    default: "`2`",
    doc: "Nodes at most: Karpenter's limit, for `eks` that of an autoscaler of your own, for `existing` how many there are.",
  },
  autoscaled: {
    type: "flag",
    default: "`false`",
    doc: "For `eks`: whether an autoscaler of your own adds nodes up to `maxNodes`. Services may ask for what `minNodes` have else.",
  },
  ami: { type: "text", default: "`al2023`", doc: "The nodes' system: `al2023` or `bottlerocket`." },
  rootVolumeGiB: { type: "number", default: "`100`", doc: "GiB of the encrypted root volume." },
  efa: {
    type: "flag",
    default: "`false`",
    doc: "For `eks`: Elastic Fabric Adapter on every network card, and a cluster placement group.",
  },
  sharing: {
    type: "map of values",
    default: "`{ mode: none }`",
    doc: "How pods share a GPU, but those of `karpenter`: `{ mode: time-slicing, replicas: 4 }`, `{ mode: mps, replicas: 4 }` or `{ mode: mig, profile: 1g.10gb }`.",
  },
  labels: { type: "map of texts", default: "`{}`", doc: "Labels of the nodes, besides the pool's own." },
  nodeSelector: {
    type: "map of texts",
    default: '`{ nvidia.com/gpu.present: "true" }`',
    doc: "For `existing`: labels that the nodes have.",
  },
  gpusPerNode: {
    type: "number",
    default: "`1`",
    doc: "For `existing`: GPUs of one node; with MIG, its cuts.",
  },
} as const satisfies Record<keyof PoolConfig, Field>;

/**
 * Checks the form of `slipway:gpuPools`; what the values mean is checked by GpuNodePool.
 * @throws ConfigError for the first thing that is wrong.
 */
export function readPools(parsed: unknown, given: string): PoolConfig[] {
  if (!Array.isArray(parsed)) {
    throw new ConfigError(`\`slipway:gpuPools\` (${shorten(given)}) must be a list of pools.`);
  }
  const names = new Set<unknown>();
  parsed.forEach((pool, i) => {
    checkFields(pool, POOL_FIELDS, `slipway:gpuPools[${i}]`);
    const { name } = pool as PoolConfig;
    if (names.has(name)) {
      throw new ConfigError(`\`slipway:gpuPools[${i}].name\` ("${name}") is the name of another pool too.`);
    }
    names.add(name);
  });
  return parsed as PoolConfig[];
}

/**
 * The pool that an entry of `slipway:services` names.
 * @throws ConfigError where there is none of that name.
 */
export function poolNamed(name: string, pools: ReadonlyMap<string, GpuNodePool>, path: string): GpuNodePool {
  const pool = pools.get(name);
  if (pool) return pool;
  const known = [...pools.keys()].join(", ") || "none";
  throw new ConfigError(`\`${path}\` ("${name}") must be the name of one of \`slipway:gpuPools\`: ${known}.`);
}
