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

interface GpuModel {
  /** As people call it. */
  readonly title: string;
  /** By memory of one GPU in MiB, rounded down to whole GiB; none where the GPU has no MIG. */
  readonly mig?: Readonly<Record<number, MigProfiles>>;
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
    mig: { 96: { "1g.24gb": 4, "2g.48gb": 2, "4g.96gb": 1 } },
  },
  a100: {
    title: "A100",
    mig: {
      40: { "1g.5gb": 7, "1g.10gb": 4, "2g.10gb": 3, "3g.20gb": 2, "4g.20gb": 1, "7g.40gb": 1 },
      80: HOPPER_80,
    },
  },
  h100: { title: "H100", mig: { 80: HOPPER_80 } },
  h200: {
    title: "H200",
    mig: {
      141: { "1g.18gb": 7, "1g.35gb": 4, "2g.35gb": 3, "3g.71gb": 2, "4g.71gb": 1, "7g.141gb": 1 },
    },
  },
  b200: {
    title: "B200",
    mig: {
      179: { "1g.23gb": 7, "1g.45gb": 4, "2g.45gb": 3, "3g.90gb": 2, "4g.90gb": 1, "7g.180gb": 1 },
    },
  },
  b300: {
    title: "B300",
    mig: {
      268: { "1g.34gb": 7, "1g.67gb": 4, "2g.67gb": 3, "3g.135gb": 2, "4g.135gb": 1, "7g.269gb": 1 },
    },
  },
};

/** The profiles of a GPU; undefined where it cannot be cut. */
export function migProfiles(gpu: string, memoryMiB: number): MigProfiles | undefined {
  return GPU_MODELS[gpu]?.mig?.[Math.floor(memoryMiB / 1024)];
}

/** As an error message names it. */
export function gpuTitle(gpu: string): string {
  return GPU_MODELS[gpu]?.title ?? gpu;
}
