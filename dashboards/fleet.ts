import { DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { lines, numbers } from "./panels";
import { errorPercent, quantile, requestRate } from "./promql";
import { datasource, namespace, services } from "./variables";

const CHOSEN = 'namespace="$namespace",service=~"$service"';
const NO_TRAFFIC = "no requests";

/** Rate, errors and duration of every service, and what they have left. */
export function fleetDashboard(): DashboardBuilder {
  return new DashboardBuilder("Slipway / Fleet")
    .uid("slipway-fleet")
    .description("Every service at a glance: requests, errors, latency, and how much room is left.")
    .tags(["slipway"])
    .refresh("30s")
    .time({ from: "now-1h", to: "now" })
    .withVariable(datasource())
    .withVariable(namespace())
    .withVariable(services())
    .withPanel(
      numbers({
        title: "Requests",
        description: "Inference requests a second over all chosen services.",
        unit: "reqps",
        queries: [["requests", `sum(rate(slipway_inference_requests_total{${CHOSEN}}[$__rate_interval]))`]],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      numbers({
        title: "Errors",
        description: "Share of requests that failed by the server's fault over all chosen services.",
        unit: "percent",
        queries: [["errors", errorPercent("namespace", CHOSEN)]],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      numbers({
        title: "Ready servers",
        description: "Pods that say they are ready.",
        unit: "none",
        queries: [["ready", `sum(slipway_server_ready{${CHOSEN}})`]],
        empty: "no pods",
      }),
    )
    .withPanel(
      numbers({
        title: "Models ready",
        description: "Model versions that can serve, over all pods.",
        unit: "none",
        queries: [["versions", `sum(slipway_model_ready{${CHOSEN}})`]],
        empty: "no models",
      }),
    )
    .withRow(new RowBuilder("Requests"))
    .withPanel(
      lines({
        title: "Requests by service",
        description: "Inference requests a second, refused ones included.",
        unit: "reqps",
        queries: [["{{service}}", requestRate("service", CHOSEN)]],
        empty: NO_TRAFFIC,
        stacked: true,
      }),
    )
    .withPanel(
      lines({
        title: "Requests by outcome",
        description:
          "Codes of the answers: OK, or the error's. A client's mistakes have codes of their own, such as InvalidInput.",
        unit: "reqps",
        queries: [["{{code}}", requestRate("code", CHOSEN)]],
        empty: NO_TRAFFIC,
        stacked: true,
      }),
    )
    .withPanel(
      lines({
        title: "Errors by service",
        description: "Share of requests that failed by the server's fault.",
        unit: "percent",
        queries: [["{{service}}", errorPercent("service", CHOSEN)]],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      lines({
        title: "Latency by service, p99",
        description: "From a request's body being there to its answer being handed to the socket.",
        unit: "s",
        queries: [
          ["{{service}}", quantile(0.99, "slipway_inference_request_duration_seconds", "service", CHOSEN)],
        ],
        empty: NO_TRAFFIC,
      }),
    )
    .withRow(new RowBuilder("Room"))
    .withPanel(
      lines({
        title: "Waiting requests",
        description: "Requests that wait for a worker: the first sign of too few pods.",
        unit: "none",
        queries: [["{{service}}", `sum by (service) (slipway_inference_pending_requests{${CHOSEN}})`]],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      lines({
        title: "CPU",
        description: "Cores that the servers use, by service.",
        unit: "none",
        queries: [
          ["{{service}}", `sum by (service) (rate(process_cpu_seconds_total{${CHOSEN}}[$__rate_interval]))`],
        ],
        empty: "no pods",
      }),
    )
    .withPanel(
      lines({
        title: "Memory",
        description:
          "Resident memory of the largest server of each service. Pods are ended where it reaches their limit.",
        unit: "bytes",
        queries: [["{{service}}", `max by (service) (process_resident_memory_bytes{${CHOSEN}})`]],
        empty: "no pods",
      }),
    )
    .withPanel(
      lines({
        title: "Requests a core",
        description:
          "Requests answered per second of CPU time: what a core is worth. Half of it means twice the cost.",
        unit: "short",
        queries: [
          [
            "{{service}}",
            `${requestRate("service", CHOSEN)} / sum by (service) (rate(process_cpu_seconds_total{${CHOSEN}}[$__rate_interval]))`,
          ],
        ],
        empty: NO_TRAFFIC,
      }),
    );
}
