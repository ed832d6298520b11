import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { GPU, NO_GPUS, dcgm, dcgmRate, throttling } from "./gpu-queries";
import { lines, states, table } from "./panels";

/** What wears GPUs down, slows them, or has gone wrong in them. */
export function addHealth(builder: DashboardBuilder): DashboardBuilder {
  return builder
    .withRow(new RowBuilder("Heat, power and clocks"))
    .withPanel(
      lines({
        title: "Temperature",
        description:
          "Of the chip and of its memory. Most data centre GPUs slow themselves down between 85 and 95 °C.",
        unit: "celsius",
        queries: [
          [`${GPU} chip`, dcgm("DEV_GPU_TEMP")],
          [`${GPU} memory`, dcgm("DEV_MEMORY_TEMP")],
        ],
        empty: NO_GPUS,
      }),
    )
    .withPanel(
      lines({
        title: "Power by GPU",
        description: "What each GPU draws. A flat top is its power limit.",
        unit: "watt",
        queries: [[GPU, dcgm("DEV_POWER_USAGE")]],
        empty: NO_GPUS,
      }),
    )
    .withPanel(
      lines({
        title: "Clock of the multiprocessors",
        description:
          "Falls when a GPU idles, and under load when it is throttled: then the same work takes longer.",
        unit: "hertz",
        queries: [[GPU, `1e6 * ${dcgm("DEV_SM_CLOCK")}`]],
        empty: NO_GPUS,
      }),
    )
    .withPanel(
      states({
        title: "Throttling",
        description:
          "When and why the clocks were held down: power cap, heat, a slowdown by the hardware, or the power brake. dcgm-exporter has this counter only where its list of counters says so.",
        unit: "none",
        queries: throttling,
        states: { "0": ["no", "transparent"], "1": ["throttled", "orange"] },
        empty: "not exported: add DCGM_FI_DEV_CLOCKS_EVENT_REASONS, gauge to dcgm-exporter's counters",
      }),
    )
    .withRow(new RowBuilder("Errors"))
    .withPanel(
      table({
        title: "XID errors",
        description:
          "The last error that the driver reported for each GPU, as long as it reports it. 13, 31, 43, 45, 68 and 109 are mostly a program's fault; others, such as 48, 63, 74, 79 and 95, are the hardware's: drain the node.",
        unit: "none",
        queries: [["XID", `${dcgm("DEV_XID_ERRORS")} > 0`]],
        columns: { service: "Service", pod: "Pod", gpu: "GPU", modelName: "Kind", err_msg: "Error" },
        empty: "no XID error",
      }),
    )
    .withPanel(
      lines({
        title: "XID over time",
        description: "The number of the last error. 0 is none.",
        unit: "none",
        queries: [[GPU, `max by (service, pod, gpu) (${dcgm("DEV_XID_ERRORS")})`]],
        empty: NO_GPUS,
        points: true,
      }),
    )
    .withPanel(
      lines({
        title: "Remapped memory rows",
        description:
          "Rows of memory that were replaced after errors, since the GPU was made. Uncorrectable ones lost data; when remapping fails, the GPU has to be exchanged.",
        unit: "none",
        queries: [
          [`${GPU} uncorrectable`, dcgm("DEV_UNCORRECTABLE_REMAPPED_ROWS")],
          [`${GPU} correctable`, dcgm("DEV_CORRECTABLE_REMAPPED_ROWS")],
          [`${GPU} remapping failed`, dcgm("DEV_ROW_REMAP_FAILURE")],
        ],
        empty: "no GPU that counts remapped rows: A100 and newer do",
      }),
    )
    .withPanel(
      lines({
        title: "PCIe replays",
        description:
          "Transfers a second that had to be repeated. More than a few are a loose card or a bad riser.",
        unit: "cps",
        queries: [[GPU, dcgmRate("DEV_PCIE_REPLAY_COUNTER")]],
        empty: NO_GPUS,
      }),
    );
}
