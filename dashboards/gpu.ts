import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { addHealth } from "./gpu-health";
import { GPU, NO_GPUS, dcgm, dcgmByVersion, dcgmBytes, dcgmBytesByVersion } from "./gpu-queries";
import { dashboard } from "./links";
import { lines, numbers } from "./panels";
import { datasource, models, namespace, services, severalValues, versions } from "./variables";

const NO_PROFILING = "no profiling counters: they need a data centre GPU, Volta or newer";

/** The GPUs that services hold, as NVIDIA's dcgm-exporter tells of them with the counters that it has by default. */
export function gpuDashboard(): DashboardBuilder {
  const builder = dashboard(
    "gpu",
    "GPU",
    "The GPUs of each service: how busy, how full, how hot, and what is wrong with them.",
  )
    .refresh("30s")
    .time({ from: "now-1h", to: "now" })
    .withVariable(datasource())
    .withVariable(namespace())
    .withVariable(services())
    .withVariable(models())
    .withVariable(versions())
    .withVariable(severalValues("gpu", "GPU", "label_values(DCGM_FI_DEV_FB_USED, UUID)"))
    .withPanel(
      numbers({
        title: "GPUs",
        description: "GPUs that pods of the chosen services hold.",
        unit: "none",
        queries: [["GPUs", `count(count by (UUID) (${dcgm("DEV_FB_USED")}))`]],
        empty: NO_GPUS,
      }),
    )
    .withPanel(
      numbers({
        title: "Busy",
        description:
          "Share of time in which the GPUs ran anything at all, on average. It does not say how much of a GPU a run fills.",
        unit: "percent",
        queries: [["busy", `avg(${dcgm("DEV_GPU_UTIL")})`]],
        empty: NO_GPUS,
      }),
    )
    .withPanel(
      numbers({
        title: "Fullest memory",
        description:
          "Share of its memory that the fullest GPU has given away. Near 100 the next load or larger batch fails.",
        unit: "percent",
        queries: [
          ["used", `max(100 * (${dcgm("DEV_FB_USED")}) / (${dcgm("DEV_FB_USED")} + ${dcgm("DEV_FB_FREE")}))`],
        ],
        empty: NO_GPUS,
      }),
    )
    .withPanel(
      numbers({
        title: "Power",
        description: "What the GPUs draw together.",
        unit: "watt",
        queries: [["power", `sum(${dcgm("DEV_POWER_USAGE")})`]],
        empty: NO_GPUS,
      }),
    )
    .withRow(new RowBuilder("Work"))
    .withPanel(
      lines({
        title: "Utilisation",
        description:
          "Share of time in which a kernel ran. 100 with few requests means small batches that occupy a GPU without filling it: compare with the tensor cores.",
        unit: "percent",
        queries: [[GPU, dcgm("DEV_GPU_UTIL")]],
        empty: NO_GPUS,
        max: 100,
      }),
    )
    .withPanel(
      lines({
        title: "Engine and tensor cores",
        description:
          "Share of cycles in which the compute engine, and of it the tensor cores, did something.",
        unit: "percentunit",
        queries: [
          [`${GPU} engine`, dcgm("PROF_GR_ENGINE_ACTIVE")],
          [`${GPU} tensor cores`, dcgm("PROF_PIPE_TENSOR_ACTIVE")],
        ],
        empty: NO_PROFILING,
        max: 1,
      }),
    )
    .withPanel(
      lines({
        title: "Memory traffic",
        description:
          "Share of cycles in which the memory was read or written. Near 1, memory is the limit and larger batches pay off.",
        unit: "percentunit",
        queries: [[GPU, dcgm("PROF_DRAM_ACTIVE")]],
        empty: NO_PROFILING,
        max: 1,
      }),
    )
    .withPanel(
      lines({
        title: "PCIe traffic",
        description: "What goes to the GPU and comes back: inputs and outputs of the models.",
        unit: "binBps",
        queries: [
          [`${GPU} sent`, dcgm("PROF_PCIE_TX_BYTES")],
          [`${GPU} received`, dcgm("PROF_PCIE_RX_BYTES")],
        ],
        empty: NO_PROFILING,
      }),
    )
    .withRow(new RowBuilder("Memory"))
    .withPanel(
      lines({
        title: "Memory used",
        description: "Memory given away, of all processes on the GPU.",
        unit: "bytes",
        queries: [[GPU, dcgmBytes("DEV_FB_USED")]],
        empty: NO_GPUS,
      }),
    )
    .withPanel(
      lines({
        title: "Memory free",
        description: "What a further load or a larger batch may take. Reserved memory is in neither number.",
        unit: "bytes",
        queries: [[GPU, dcgmBytes("DEV_FB_FREE")]],
        empty: NO_GPUS,
      }),
    )
    .withRow(new RowBuilder("By model: all of the pod's GPUs count for each version in the pod"))
    .withPanel(
      lines({
        title: "Utilisation by model",
        description: "Mean utilisation of the GPUs of the pods that have the version loaded.",
        unit: "percent",
        queries: [
          ["{{model}}/{{version}}", `avg by (model, version) (${dcgmByVersion("avg", "DEV_GPU_UTIL")})`],
        ],
        empty: NO_GPUS,
        max: 100,
      }),
    )
    .withPanel(
      lines({
        title: "Memory by model",
        description:
          "Memory used on the GPUs of a pod that has the version loaded, in the pod that uses most.",
        unit: "bytes",
        queries: [["{{model}}/{{version}}", dcgmBytesByVersion("DEV_FB_USED")]],
        empty: NO_GPUS,
      }),
    );
  return addHealth(builder);
}
