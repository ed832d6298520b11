import type { ResolvedAlerts } from "./alert-settings";
import { plain, type Alert } from "./rule";

/** What NVIDIA's device plugin takes for an application's own fault: the device goes on. */
const APPLICATION_XIDS = [13, 31, 43, 45, 68, 109];

const DEVICE = "Hostname, gpu, UUID";
/** What has memory of its own: a GPU, or one instance of a GPU that is divided (MIG), where `GPU_I_ID` is its number. */
const MEMORY = `${DEVICE}, GPU_I_ID`;
const NAMED = "GPU {{ $labels.gpu }} of {{ $labels.Hostname }}";
const INSTANCE = `{{ with $labels.GPU_I_ID }}instance {{ . }} of {{ end }}${NAMED}`;

/** Over the series of NVIDIA's DCGM exporter. */
export function gpuAlerts({ gpuMemoryPercent, gpuTemperature }: ResolvedAlerts): Alert[] {
  const used = `max by (${MEMORY}) (DCGM_FI_DEV_FB_USED)`;
  const free = `max by (${MEMORY}) (DCGM_FI_DEV_FB_FREE)`;
  const serious = (at: string) =>
    `max by (${DEVICE}) (DCGM_FI_DEV_XID_ERRORS${at} > 0 ${APPLICATION_XIDS.map((xid) => `!= ${xid}`).join(" ")})`;
  // A gauge that keeps the last error's number: it counts while it is new. Compared as the device's, whose series are others as soon
  // as another pod has it (and, by the label `err_code`, with every error).
  const old = `(${serious("")} == ${serious(" offset 15m")})`;
  return [
    {
      name: "SlipwayGpuMemorySaturated",
      severity: "ticket",
      expr: `${used} / (${used} + ${free}) > ${plain(gpuMemoryPercent / 100)}`,
      for: "10m",
      summary: `${INSTANCE}: {{ $value | humanizePercentage }} of its memory is taken`,
      description: `A model that is loaded next, or a larger batch, may find no memory on ${NAMED} (${gpuMemoryPercent} % is the limit), and its requests fail then.`,
    },
    {
      name: "SlipwayGpuErrors",
      severity: "ticket",
      expr: `${serious("")} unless ${old}`,
      for: "0s",
      labels: { problem: "xid" },
      summary: `${NAMED}: XID {{ $value }}`,
      description: `The driver reported XID {{ $value }} on ${NAMED}, which is no application's own fault: runs on it fail, or give wrong results.`,
    },
    {
      name: "SlipwayGpuErrors",
      severity: "ticket",
      expr: `max by (${DEVICE}) (DCGM_FI_DEV_ROW_REMAP_FAILURE) > 0`,
      for: "0s",
      labels: { problem: "memory" },
      summary: `${NAMED}: its memory can no longer be repaired`,
      description: `${NAMED} has no spare rows left for its broken ones: it has to be replaced.`,
    },
    {
      name: "SlipwayGpuErrors",
      severity: "ticket",
      expr: `max by (${DEVICE}) (DCGM_FI_DEV_GPU_TEMP) > ${plain(gpuTemperature)}`,
      for: "5m",
      labels: { problem: "heat" },
      summary: `${NAMED}: {{ $value }} °C`,
      description: `${NAMED} has been hotter than ${plain(gpuTemperature)} °C for five minutes: it slows itself down, later it switches itself off.`,
    },
  ];
}
