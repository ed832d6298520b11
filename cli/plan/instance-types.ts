import { GPU_INSTANCE_TYPES } from "../../components/internal/gpu-instance-types";

/** Sizes whose vCPUs do not follow from their number: `metal` and the like are unknown. */
const SIZE = /^[a-z][a-z0-9-]*\.(?:(nano|micro|small|medium|large)|(\d*)xlarge|metal-(\d+)xl)$/;
/** Families whose machines have one size of their own, or one vCPU for each physical core. */
const IRREGULAR = /^(hpc|mac|u-|u7|x1e|trn3)/;

/** vCPUs of an EC2 instance type; undefined where its name does not tell. */
export function vcpusOf(type: unknown): number | undefined {
  if (typeof type !== "string") return undefined;
  const known = Object.hasOwn(GPU_INSTANCE_TYPES, type) ? GPU_INSTANCE_TYPES[type] : undefined;
  if (known) return known.vcpus;
  const match = IRREGULAR.test(type) ? null : SIZE.exec(type);
  if (!match) return undefined;
  const [, named, times, metal] = match;
  if (metal !== undefined) return Number(metal) * 4;
  if (times !== undefined) return Number(times || 1) * 4;
  // Graviton families have `medium` with one vCPU; the burstable ones have two in every small size.
  return named === "medium" && !type.startsWith("t") ? 1 : 2;
}

/** NVIDIA GPUs of an EC2 instance type; 0 for one that the table of GPU instance types does not have. */
export function gpusOf(type: string): number {
  return Object.hasOwn(GPU_INSTANCE_TYPES, type) ? GPU_INSTANCE_TYPES[type]!.count : 0;
}
