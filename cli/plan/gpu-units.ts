import { gpuCapacity, SHARING_LABEL, type GpuSharing } from "../../components/internal/gpu-sharing";
import { gpusOf } from "./instance-types";

const SHARED = /^(time-slicing|mps)-(\d+)$/;
const CUT = /^(?:all|mig)-(\d+g\.\d+gb)$/;

/** How nodes with these labels share their GPUs, by themselves or as they are told; labels that say nothing known leave them whole. */
export function sharingOf(labels: Readonly<Record<string, unknown>>): GpuSharing {
  const own = labels[SHARING_LABEL];
  const [, mode, replicas] = SHARED.exec(String(own ?? labels["nvidia.com/device-plugin.config"])) ?? [];
  if (mode === "time-slicing" || mode === "mps") return { mode, replicas: Number(replicas) };
  const [, profile] = CUT.exec(String(own ?? labels["nvidia.com/mig.config"])) ?? [];
  return profile === undefined ? {} : { mode: "mig", profile };
}

/** What pods ask for on one node of an instance type; undefined where it is not known to have any. */
export function unitsPerNode(sharing: GpuSharing, type: string): number | undefined {
  return gpuCapacity(sharing, [type]).perNode[type] || undefined;
}

/** What pods ask for on one GPU, the most that any of the instance types gives. */
export function unitsPerGpu(sharing: GpuSharing, types: readonly string[]): number | undefined {
  if (sharing.mode !== "mig") return sharing.replicas ?? 1;
  const units = types.flatMap((type) => {
    const all = unitsPerNode(sharing, type);
    return all === undefined ? [] : [all / gpusOf(type)];
  });
  return units.length > 0 ? Math.max(...units) : undefined;
}
