import type * as pulumi from "@pulumi/pulumi";

/** Pods of NVIDIA's DCGM exporter, which tells of GPUs. */
export interface GpuExporter {
  readonly namespace: pulumi.Input<string>;
  /**
   * Their labels; those of the GPU operator unless it is said otherwise.
   * @default { app: "nvidia-dcgm-exporter" }
   */
  readonly podLabels?: Readonly<Record<string, string>>;
}

/** Defaults; a test ties each to its `@default` above. */
export const GPU_EXPORTER_DEFAULTS = { podLabels: { app: "nvidia-dcgm-exporter" } } as const;
