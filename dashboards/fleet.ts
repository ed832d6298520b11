import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { TO_MODELS, dashboard } from "./links";
import { lines, numbers, states, table } from "./panels";
import { errorPercent, quantile, rate, requestRate } from "./promql";
import { SERVICE_CHOSEN as CHOSEN, datasource, namespace, services } from "./variables";

const NO_TRAFFIC = "no requests";

/** Rollouts that chosen slots are of, each as `service`, which is how their own alerts name them: by what their rules declare. */
const ROLLOUTS = `label_replace(max by (namespace, rollout) (service:slipway_servers:minimum{${CHOSEN},rollout!=""}), "service", "$1", "rollout", "(.+)")`;

const alerts = (state: "pending" | "firing") => {
  const some = (matchers: string) => `ALERTS{alertname=~"Slipway.+",alertstate="${state}",${matchers}}`;
  // Those about the gateway, or about no service, are everybody's, and have the gateway's namespace, or none.
  return `(${some(CHOSEN)} or ${some('namespace="$namespace"')} and on (namespace, service) ${ROLLOUTS} or ${some('service=~"|gateway"')})`;
};
const ALERTS = `max by (alertname, severity, service) (${alerts("pending")} or 2 * ${alerts("firing")})`;

/** Rate, errors and duration of every service, and what they have left. */
export function fleetDashboard(): DashboardBuilder {
  return dashboard(
    "fleet",
    "Fleet",
    "Every service at a glance: requests, errors, latency, and how much room is left.",
  )
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
        link: TO_MODELS,
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
        link: TO_MODELS,
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
        link: TO_MODELS,
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
        title: "Refused for want of room",
        description:
          "Requests refused with 503, by service and reason: what waiting turns into once the queue is full.",
        unit: "reqps",
        queries: [
          [
            "{{service}} {{reason}}",
            rate("slipway_inference_rejected_requests_total", "service, reason", CHOSEN),
          ],
        ],
        empty: "none were refused",
      }),
    )
    .withPanel(
      lines({
        title: "Lag of the main thread",
        description:
          "The 99th percentile of how late the event loop is, in the worst pod. It rests at 0.1 s, at which it is sampled; far above it, parsing and encoding are what is slow, and more pods help where faster models do not.",
        unit: "s",
        queries: [["{{service}}", `max by (service) (nodejs_eventloop_lag_p99_seconds{${CHOSEN}})`]],
        empty: "no pods",
      }),
    )
    .withPanel(
      lines({
        title: "CPU",
        description: "Cores that the servers use, by service.",
        unit: "none",
        queries: [["{{service}}", rate("process_cpu_seconds_total", "service", CHOSEN)]],
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
            `${requestRate("service", CHOSEN)} / ${rate("process_cpu_seconds_total", "service", CHOSEN)}`,
          ],
        ],
        empty: NO_TRAFFIC,
      }),
    )
    .withRow(new RowBuilder("Objectives, of services that declare them"))
    .withPanel(
      lines({
        title: "Failed requests, by the objective's count",
        description:
          "Share of a service's requests of the last hour that failed by its fault or never reached it, both slots of a rollout together. Availability of 99.9 % can bear 0.1 % over the objective's window.",
        unit: "percentunit",
        queries: [
          [
            "{{service}}",
            'max by (service) (service:slipway_failed_requests:ratio_rate1h{namespace="$namespace"})',
          ],
        ],
        empty: "no service declares an objective for availability",
      }),
    )
    .withPanel(
      lines({
        title: "Slow requests, by the objective's count",
        description:
          "Share of a service's requests of the last hour that took longer than its objective says, both slots of a rollout together.",
        unit: "percentunit",
        queries: [
          [
            "{{service}}",
            'max by (service) (service:slipway_slow_requests:ratio_rate1h{namespace="$namespace"})',
          ],
        ],
        empty: "no service declares an objective for latency",
      }),
    )
    .withRow(new RowBuilder("Alerts"))
    .withPanel(
      table({
        title: "Alerts now",
        description:
          "What is pending (1) or firing (2), with its severity: of the chosen services, of the rollouts that they are slots of, of the gateway and of the cluster, which has no service. Each alert has a runbook.",
        unit: "none",
        queries: [["State", ALERTS]],
        columns: { alertname: "Alert", severity: "Severity", service: "Service" },
        empty: "no alert is pending or firing",
      }),
    )
    .withPanel(
      states({
        title: "Alerts over time",
        description: "When each alert was pending, and when it fired.",
        unit: "none",
        queries: [["{{alertname}} {{service}}", ALERTS]],
        states: { "1": ["pending", "yellow"], "2": ["firing", "red"] },
        empty: "no alert was pending or fired",
      }),
    );
}
