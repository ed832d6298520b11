/**
 * What NVIDIA's data-centre GPUs can be cut into. Profiles and their number per GPU are those of NVIDIA's MIG user guide,
 * as the MIG manager ships them (github.com/NVIDIA/mig-parted v0.15.0, deployments/systemd/config-default.yaml); `+me` and
 * `+gfx` variants are left out: inference needs neither.
 */
export type MigProfiles = Readonly<Record<string, number>>;

const HOPPER_80: MigProfiles = {
  "1g.10gb": 7,
  "1g.20gb": 4,
  "2g.20gb": 3,
  "3g.40gb": 2,
  "4g.40gb": 1,
  "7g.80gb": 1,
};

/** How a GPU of one memory size is cut. */
interface MigCuts {
  readonly profiles: MigProfiles;
  /** The GPU as Bottlerocket's settings name it. */
  readonly bottlerocket: string;
  /** Profiles that Bottlerocket's own MIG manager does not know: it would leave the GPU whole. */
  readonly notOnBottlerocket?: readonly string[];
}

interface GpuModel {
  /** As people call it. */
  readonly title: string;
  /** By memory of one GPU in MiB, rounded down to whole GiB; none where the GPU has no MIG. */
  readonly mig?: Readonly<Record<number, MigCuts>>;
}

/** By the name that Karpenter's labels have. */
export const GPU_MODELS: Readonly<Record<string, GpuModel>> = {
  t4: { title: "T4" },
  t4g: { title: "T4G" },
  a10g: { title: "A10G" },
  l4: { title: "L4" },
  l40s: { title: "L40S" },
  v100: { title: "V100" },
  "rtx-pro-4500": { title: "RTX PRO 4500 Blackwell" },
  "rtx-pro-server-6000": {
    title: "RTX PRO 6000 Blackwell",
    mig: {
      96: { profiles: { "1g.24gb": 4, "2g.48gb": 2, "4g.96gb": 1 }, bottlerocket: "rtxpro6000.96gb" },
    },
  },
  a100: {
    title: "A100",
    mig: {
      40: {
        profiles: { "1g.5gb": 7, "1g.10gb": 4, "2g.10gb": 3, "3g.20gb": 2, "4g.20gb": 1, "7g.40gb": 1 },
        bottlerocket: "a100.40gb",
        notOnBottlerocket: ["4g.20gb"],
      },
      80: { profiles: HOPPER_80, bottlerocket: "a100.80gb", notOnBottlerocket: ["4g.40gb"] },
    },
  },
  h100: {
    title: "H100",
    mig: { 80: { profiles: HOPPER_80, bottlerocket: "h100.80gb", notOnBottlerocket: ["4g.40gb"] } },
  },
  h200: {
    title: "H200",
    mig: {
      141: {
        profiles: { "1g.18gb": 7, "1g.35gb": 4, "2g.35gb": 3, "3g.71gb": 2, "4g.71gb": 1, "7g.141gb": 1 },
        bottlerocket: "h200.141gb",
        notOnBottlerocket: ["4g.71gb"],
      },
    },
  },
  b200: {
    title: "B200",
    mig: {
      179: {
        profiles: { "1g.23gb": 7, "1g.45gb": 4, "2g.45gb": 3, "3g.90gb": 2, "4g.90gb": 1, "7g.180gb": 1 },
        bottlerocket: "b200.180gb",
        notOnBottlerocket: ["4g.90gb"],
      },
    },
  },
  b300: {
    title: "B300",
    mig: {
      268: {
        profiles: { "1g.34gb": 7, "1g.67gb": 4, "2g.67gb": 3, "3g.135gb": 2, "4g.135gb": 1, "7g.269gb": 1 },
        bottlerocket: "b300.269gb",
      },
    },
  },
};

function migCuts(gpu: string, memoryMiB: number): MigCuts | undefined {
  return GPU_MODELS[gpu]?.mig?.[Math.floor(memoryMiB / 1024)];
}

/** The profiles of a GPU, or those of them that Bottlerocket makes; undefined where it cannot be cut. */
export function migProfiles(gpu: string, memoryMiB: number, ami?: string): MigProfiles | undefined {
  const cuts = migCuts(gpu, memoryMiB);
  if (!cuts || ami !== "bottlerocket") return cuts?.profiles;
  const known = Object.entries(cuts.profiles).filter(([name]) => !cuts.notOnBottlerocket?.includes(name));
  return Object.fromEntries(known);
}

/** As Bottlerocket's settings name the GPU; undefined where it cannot be cut. */
export function bottlerocketGpu(gpu: string, memoryMiB: number): string | undefined {
  return migCuts(gpu, memoryMiB)?.bottlerocket;
}

/** As an error message names it. */
export function gpuTitle(gpu: string): string {
  return GPU_MODELS[gpu]?.title ?? gpu;
}
