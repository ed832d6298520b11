import type { Problems } from "./validation";

/** What a service has to know of the nodes it asks for: a GpuNodePool has all of it. */
export interface GpuPool {
  /** Extended resource that pods ask for, as in `nvidia.com/gpu`. */
  readonly resourceName: string;
  /** Units of it on one node. */
  readonly unitsPerNode: number;
  /** Units that one pod may ask for: those of a node, or a single one where pods share GPUs. */
  readonly unitsPerPod: number;
  /** Units of it that all nodes of the pool have together. */
  readonly maxUnits: number;
  /** Units that it would have if something added nodes; as many where that is so. */
  readonly unitsIfScaled?: number;
  /**
   * Whether a node may have to be started for a pod, which is then given the time for it.
   * @default false
   */
  readonly startsNodes?: boolean;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly { key: string; operator?: string; value?: string; effect?: string }[];
}

interface Demand {
  readonly gpus: number;
  readonly maxReplicas: number;
}

/** What the pool has, and what it takes to have more. */
function allowance({ maxUnits, unitsIfScaled = maxUnits }: GpuPool): string {
  const allowed = `the pool allows ${maxUnits}`;
  if (unitsIfScaled <= maxUnits) return allowed;
  return `${allowed} on its \`minNodes\` and ${unitsIfScaled} on its \`maxNodes\`: raise the former, or set \`autoscaled\` where something adds nodes`;
}

/** Records what the pool can never give this service. */
export function checkPoolFit(demand: Demand, pool: GpuPool, problems: Problems): void {
  const { gpus, maxReplicas } = demand;
  problems.check(gpus >= 1, "gpus", `${gpus} must be at least 1 where there is a \`gpuPool\``);
  const { unitsPerNode, unitsPerPod, resourceName } = pool;
  const why =
    unitsPerPod < unitsPerNode
      ? `where pods share GPUs each may ask for ${unitsPerPod} ${resourceName}`
      : `a node of the pool has ${unitsPerNode} ${resourceName}`;
  problems.check(gpus <= unitsPerPod, "gpus", `${gpus} asked by one pod, but ${why}`);
  const asked = gpus * maxReplicas;
  problems.check(
    asked <= pool.maxUnits,
    "maxReplicas",
    `${asked} ${resourceName} asked (${maxReplicas} pods of ${gpus}), ${allowance(pool)}`,
  );
}

/** What a service asks of a pool, and what the others in it may take. */
interface Share extends Demand {
  readonly replicas: number;
  /** Units. */
  readonly poolTaken: number;
}

/**
 * Whether there may be no room for one pod more, which an update would start before it ends an old one. A single pod is never
 * taken away first: its service would be gone meanwhile.
 */
export function fillsPool(share: Share, pool: GpuPool | undefined): boolean {
  const { gpus, replicas, maxReplicas, poolTaken } = share;
  return pool !== undefined && replicas >= 2 && gpus * (maxReplicas + 1) > pool.maxUnits - poolTaken;
}

/** Whether an update may wait for ever: there is a single pod, which is not taken away first, and no room for its successor. */
export function blocksUpdates(share: Share, pool: GpuPool | undefined): boolean {
  const { gpus, replicas, maxReplicas, poolTaken } = share;
  return pool !== undefined && replicas === 1 && maxReplicas === 1 && 2 * gpus > pool.maxUnits - poolTaken;
}

/** Units of a pool that services may take together. */
export function unitsTaken(
  pool: GpuPool | undefined,
  services: readonly (Demand & { readonly gpuPool?: GpuPool | undefined })[],
): number {
  return services
    .filter(({ gpuPool }) => gpuPool !== undefined && gpuPool === pool)
    .reduce((sum, { gpus, maxReplicas }) => sum + gpus * maxReplicas, 0);
}

/** Records pools from which several services together ask more than there can be. */
export function checkPoolShares(
  services: readonly (Demand & { readonly name: string; readonly gpuPool?: GpuPool })[],
  problems: Problems,
): void {
  const byPool = new Map<GpuPool, (Demand & { readonly name: string })[]>();
  for (const service of services) {
    if (service.gpuPool) byPool.set(service.gpuPool, [...(byPool.get(service.gpuPool) ?? []), service]);
  }
  for (const [pool, users] of byPool) {
    if (users.length < 2) continue;
    const asked = unitsTaken(pool, services);
    problems.check(
      asked <= pool.maxUnits,
      "services",
      `${asked} ${pool.resourceName} asked by ${users.map(({ name }) => name).join(", ")}, ${allowance(pool)}`,
    );
  }
}
