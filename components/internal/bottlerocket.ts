import { bottlerocketGpu } from "./gpu-models";
import { gpuInstanceType, type GpuSharing } from "./gpu-sharing";

/**
 * Bottlerocket brings its own device plugin and cuts GPUs itself; both are set in its user data (TOML). Undefined where there is
 * nothing to set. Settings: bottlerocket.dev, settings.kubelet-device-plugins (1.54).
 */
export function bottlerocketSettings(
  { mode, replicas, profile }: GpuSharing,
  instanceTypes: readonly string[],
): string | undefined {
  const plugin = "settings.kubelet-device-plugins.nvidia";
  switch (mode) {
    case "time-slicing":
    case "mps":
      return [
        `[${plugin}]`,
        `device-sharing-strategy = "${mode}"`,
        `[${plugin}.${mode}]`,
        `replicas = ${replicas}`,
        "rename-by-default = true",
        "",
      ].join("\n");
    case "mig":
      return [
        `[${plugin}]`,
        'device-partitioning-strategy = "mig"',
        `[${plugin}.mig.profile]`,
        ...migModels(instanceTypes).map((model) => `"${model}" = "${profile}"`),
        "",
      ].join("\n");
    default:
      return undefined;
  }
}

/** GPU models as Bottlerocket names them: `a100.40gb`. */
function migModels(instanceTypes: readonly string[]): string[] {
  const models = instanceTypes.flatMap((name) => {
    const type = gpuInstanceType(name);
    return (type && bottlerocketGpu(type.gpu, type.memoryMiB)) ?? [];
  });
  return [...new Set(models)];
}
