import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  busyGpus,
  coresUsed,
  costAnHour,
  costAnHourByVersion,
  costOfAMillion,
  gpus,
  idleCostAnHour,
  idleGpuHours,
  idleGpus,
  memoryUsed,
  requestsPer,
  requestsPerOfAll,
  reserved,
} from "./cost-queries";
import { dashboard } from "./links";
import { lines, numbers } from "./panels";
import { datasource, models, namespace, price, services, versions } from "./variables";

const NO_REQUESTS = "no requests";
const NO_PODS = "no pods";
const NO_RESERVATIONS = "reservations are not known: kube-state-metrics must be scraped";
const NO_GPUS = "no GPU of these services: dcgm-exporter must be scraped";
const SERVICE = "{{service}}";

/** What serving costs, and what is paid for and idles. */
export function costDashboard(): DashboardBuilder {
  const builder = dashboard(
    "cost",
    "Cost",
    "What each service costs by the prices above, what a request costs, and what is paid for and not used. Reservations come from kube-state-metrics, GPUs from dcgm-exporter; where reservations are not known, what is used counts.",
  )
    .refresh("1m")
    .time({ from: "now-24h", to: "now" })
    .withVariable(datasource())
    .withVariable(namespace())
    .withVariable(services())
    .withVariable(models())
    .withVariable(versions())
    .withVariable(
      price("core_hour_price", "Core-hour", "Price of a core for an hour, in any currency", "0.04"),
    )
    .withVariable(
      price(
        "gib_hour_price",
        "GiB-hour",
        "Price of a GiB of memory for an hour, in the same currency",
        "0.005",
      ),
    )
    .withVariable(
      price("gpu_hour_price", "GPU-hour", "Price of a GPU for an hour, in the same currency", "2.5"),
    )
    .withVariable(price("idle_percent", "Idle below %", "Utilisation below which a GPU counts as idle", "5"))
    .withPanel(
      numbers({
        title: "Cost an hour, of all",
        description: "All chosen services together, in the currency of the prices.",
        unit: "short",
        queries: [["cost", `sum(${costAnHour})`]],
        empty: NO_PODS,
      }),
    )
    .withPanel(
      numbers({
        title: "Requests a core-hour, of all",
        description: "Requests answered for each hour of CPU time that was used.",
        unit: "short",
        queries: [["requests", requestsPerOfAll(coresUsed)]],
        empty: NO_REQUESTS,
      }),
    )
    .withPanel(
      numbers({
        title: "Idle GPU-hours",
        description:
          "Hours within the time range that GPUs were held and did less than the percentage above, by service.",
        unit: "h",
        queries: [[SERVICE, idleGpuHours]],
        empty: NO_GPUS,
      }),
    )
    .withPanel(
      numbers({
        title: "Paid for and not used, an hour",
        description:
          "Reserved cores that were idle and the idle part of GPUs, by the prices, over all chosen services.",
        unit: "short",
        queries: [["cost", `sum(${idleCostAnHour})`]],
        empty: NO_RESERVATIONS,
      }),
    );
  return addGpus(addMachines(addMoney(builder)));
}

function addMoney(builder: DashboardBuilder): DashboardBuilder {
  return builder
    .withRow(new RowBuilder("Money, in the currency of the prices"))
    .withPanel(
      lines({
        title: "Cost an hour",
        description: "Cores, memory and GPUs that are kept from others, by the prices above.",
        unit: "short",
        queries: [[SERVICE, costAnHour]],
        empty: NO_PODS,
        stacked: true,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Cost of a million requests",
        description:
          "The cost of an hour by the requests of an hour. With little traffic it is the price of being ready.",
        unit: "short",
        queries: [[SERVICE, costOfAMillion]],
        empty: NO_REQUESTS,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Cost an hour by model",
        description: "The service's cost, shared out by the time that workers spent in each version.",
        unit: "short",
        queries: [["{{model}}/{{version}}", `sum by (model, version) (${costAnHourByVersion})`]],
        empty: NO_REQUESTS,
        stacked: true,
        span: 8,
      }),
    );
}

function addMachines(builder: DashboardBuilder): DashboardBuilder {
  return builder
    .withRow(new RowBuilder("CPU and memory"))
    .withPanel(
      lines({
        title: "Cores used",
        description: "Cores that the servers use, by service.",
        unit: "short",
        queries: [[SERVICE, coresUsed]],
        empty: NO_PODS,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Cores reserved",
        description: "Cores that the pods keep from others, by service.",
        unit: "short",
        queries: [[SERVICE, reserved("cpu")]],
        empty: NO_RESERVATIONS,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Reserved cores that are used",
        description:
          "Share of the reserved cores. Above 100, pods live on what others leave; far below, they could reserve less.",
        unit: "percent",
        queries: [[SERVICE, `100 * ${coresUsed} / ${reserved("cpu")}`]],
        empty: NO_RESERVATIONS,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Memory used",
        description: "Resident memory of all servers of a service.",
        unit: "bytes",
        queries: [[SERVICE, memoryUsed]],
        empty: NO_PODS,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Memory reserved",
        description: "Memory that the pods keep from others, by service.",
        unit: "bytes",
        queries: [[SERVICE, reserved("memory")]],
        empty: NO_RESERVATIONS,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Requests a core-hour",
        description: "Requests answered for each hour of CPU time: half of it means twice the cost.",
        unit: "short",
        queries: [[SERVICE, requestsPer(coresUsed)]],
        empty: NO_REQUESTS,
        span: 8,
      }),
    );
}

function addGpus(builder: DashboardBuilder): DashboardBuilder {
  return builder
    .withRow(new RowBuilder("GPUs"))
    .withPanel(
      lines({
        title: "GPUs held and busy",
        description: "GPUs that pods hold, and how many of them would do if they were busy all the time.",
        unit: "short",
        queries: [
          [`${SERVICE} held`, gpus],
          [`${SERVICE} busy`, busyGpus],
        ],
        empty: NO_GPUS,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Idle GPUs",
        description: "GPUs that do less than the percentage above at the time.",
        unit: "none",
        queries: [[SERVICE, idleGpus]],
        empty: NO_GPUS,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Requests a GPU-hour",
        description: "Requests answered for each hour that a GPU is held, busy or not.",
        unit: "short",
        queries: [[SERVICE, requestsPer(gpus)]],
        empty: NO_GPUS,
        span: 8,
      }),
    );
}
