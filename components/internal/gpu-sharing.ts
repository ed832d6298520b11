import { GPU_INSTANCE_TYPES, type GpuInstanceType } from "./gpu-instance-types";
import { GPU_MODELS, gpuTitle, migProfiles } from "./gpu-models";
import type { Problems } from "./validation";

/** How several pods share one GPU. */
export interface GpuSharing {
  /**
   * `none`: a pod has its GPUs alone. `time-slicing`: pods take turns, nothing keeps their memory apart. `mps`: pods run at
   * the same time with equal shares of memory and threads. `mig`: the GPU is cut in hardware.
   * @default "none"
   */
  readonly mode?: "none" | "time-slicing" | "mps" | "mig";
  /** Pods per GPU, 2 to 48, for `time-slicing` and `mps`. */
  readonly replicas?: number;
  /** Name of the cut, as in "1g.10gb", for `mig`; every GPU of the pool is cut alike. */
  readonly profile?: string;
}

/** What pods ask the scheduler for, and how much of it one node has. */
export interface GpuCapacity {
  /** Extended resource, as in `nvidia.com/gpu`. */
  readonly resourceName: string;
  /** Units of it per node, by instance type. */
  readonly perNode: Readonly<Record<string, number>>;
}

/** MPS takes at most 48 clients since Volta. */
const MOST_REPLICAS = 48;

/** Shared GPUs go by a name of their own, so that no pod that wants a whole one is given a part. */
const SHARED = "nvidia.com/gpu.shared";
const WHOLE = "nvidia.com/gpu";

export function gpuInstanceType(name: string): GpuInstanceType | undefined {
  return Object.hasOwn(GPU_INSTANCE_TYPES, name) ? GPU_INSTANCE_TYPES[name] : undefined;
}

const MODES: readonly string[] = ["none", "time-slicing", "mps", "mig"];

/** As the resource of a cut is called, with what NVIDIA adds for variants: `1g.10gb.me`. */
const PROFILE = /^[1-7]g\.\d{1,3}gb(\.[a-z]+)*$/;

/** Records what these instance types cannot do with this system. */
export function checkSharing(
  sharing: GpuSharing,
  instanceTypes: readonly string[],
  ami: string,
  path: string,
  problems: Problems,
): void {
  const { mode = "none", replicas, profile } = sharing;
  if (!MODES.includes(mode)) {
    problems.add(`${path}.mode`, `"${mode}" must be one of ${MODES.join(", ")}`);
    return;
  }
  const counted = mode === "time-slicing" || mode === "mps";
  if (counted) {
    problems.check(
      Number.isInteger(replicas) && replicas! >= 2 && replicas! <= MOST_REPLICAS,
      `${path}.replicas`,
      `${replicas ?? "nothing"} must be a whole number from 2 to ${MOST_REPLICAS} for ${mode}`,
    );
  } else if (replicas !== undefined) {
    problems.add(`${path}.replicas`, `${replicas} has no meaning for mode "${mode}"; leave it out`);
  }
  if (mode !== "mig") {
    if (profile !== undefined)
      problems.add(`${path}.profile`, `"${profile}" has no meaning for mode "${mode}"; leave it out`);
    return;
  }
  if (profile === undefined) {
    problems.add(`${path}.profile`, `must name a MIG profile, as in "1g.10gb"`);
    return;
  }
  if (instanceTypes.length === 0) {
    const form = `"${profile}" must be a MIG profile, as in "1g.10gb"`;
    problems.check(PROFILE.test(profile), `${path}.profile`, form);
  }
  for (const name of instanceTypes) {
    const type = gpuInstanceType(name);
    if (type) checkProfile(name, type, profile, ami, path, problems);
  }
}

function checkProfile(
  name: string,
  type: GpuInstanceType,
  profile: string,
  ami: string,
  path: string,
  problems: Problems,
): void {
  const profiles = migProfiles(type.gpu, type.memoryMiB);
  const gpu = gpuTitle(type.gpu);
  if (!profiles) {
    problems.add(`${path}.mode`, `"mig" needs one of ${gpusWithMig()}; ${name} has the ${gpu}`);
  } else if (!Object.hasOwn(profiles, profile)) {
    problems.add(
      `${path}.profile`,
      `"${profile}" is no profile of the ${gpu} in ${name}; it has ${Object.keys(profiles).join(", ")}`,
    );
  } else {
    const made = Object.keys(migProfiles(type.gpu, type.memoryMiB, ami) ?? {});
    problems.check(
      made.includes(profile),
      `${path}.profile`,
      `"${profile}" is not among the cuts that Bottlerocket makes of the ${gpu} in ${name}: ${made.join(", ")}`,
    );
  }
}

/** `A100, H100, …` */
function gpusWithMig(): string {
  return Object.values(GPU_MODELS)
    .filter(({ mig }) => mig !== undefined)
    .map(({ title }) => title)
    .join(", ");
}

/** What the nodes of a pool offer; instance types and sharing must have been checked. */
export function gpuCapacity(sharing: GpuSharing, instanceTypes: readonly string[]): GpuCapacity {
  const perNode: Record<string, number> = {};
  for (const name of instanceTypes) {
    const type = gpuInstanceType(name);
    if (type) perNode[name] = type.count * partsPerGpu(sharing, type);
  }
  return { resourceName: resourceName(sharing), perNode };
}

function partsPerGpu({ mode, replicas, profile }: GpuSharing, type: GpuInstanceType): number {
  switch (mode) {
    case "time-slicing":
    case "mps":
      return replicas ?? 1;
    case "mig":
      return migProfiles(type.gpu, type.memoryMiB)?.[profile ?? ""] ?? 0;
    default:
      return 1;
  }
}

/** The extended resource that NVIDIA's device plugin advertises, with `renameByDefault` and MIG strategy `mixed`. */
export function resourceName({ mode, profile }: GpuSharing): string {
  switch (mode) {
    case "time-slicing":
    case "mps":
      return SHARED;
    case "mig":
      return `nvidia.com/mig-${profile}`;
    default:
      return WHOLE;
  }
}

/** Label of nodes that share or cut their GPUs by themselves: how, for whoever counts them. NVIDIA's own labels would be orders. */
export const SHARING_LABEL = "slipway.dev/gpu-sharing";

/** `time-slicing-4`, `mps-4` or `mig-1g.10gb`; nothing where GPUs are whole. */
export function selfSharingLabels({ mode, replicas, profile }: GpuSharing): Record<string, string> {
  switch (mode) {
    case "time-slicing":
    case "mps":
      return { [SHARING_LABEL]: `${mode}-${replicas}` };
    case "mig":
      return { [SHARING_LABEL]: `mig-${profile}` };
    default:
      return {};
  }
}

/** Node labels by which device plugin and MIG manager find their configuration. */
export function sharingLabels({ mode, replicas, profile }: GpuSharing): Record<string, string> {
  switch (mode) {
    case "time-slicing":
    case "mps":
      return { "nvidia.com/device-plugin.config": `${mode}-${replicas}` };
    case "mig":
      return { "nvidia.com/mig.config": `all-${profile}` };
    default:
      return {};
  }
}
