import {
  type DashboardBuilder,
  RowBuilder,
  VariableRefresh,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "./links";
import { lines, numbers } from "./panels";
import { errorPercent, mean, quantile, requestRate } from "./promql";
import { datasource, labelValues, namespace } from "./variables";

const SLOTS = 'namespace="$namespace",service=~"$rollout-(blue|green)"';
const COMPARATOR = 'namespace="$namespace",service="$rollout-comparator"';
const DURATION = "slipway_inference_request_duration_seconds";
const NO_TRAFFIC = "no requests";
const NO_SHADOW = "nothing is compared: only strategy `shadow` copies requests";

/** Both slots of a rollout side by side. */
export function rolloutDashboard(): DashboardBuilder {
  const rollout = labelValues(
    "rollout",
    "Rollout",
    'label_values(slipway_server_ready{namespace="$namespace",service=~".+-(blue|green)"}, service)',
  )
    .regex("/(.+)-(?:blue|green)$/")
    .refresh(VariableRefresh.OnTimeRangeChanged);
  return dashboard(
    "rollout",
    "Rollout",
    "Both slots of a service side by side: who has the traffic, and how each does with it.",
  )
    .refresh("10s")
    .time({ from: "now-30m", to: "now" })
    .withVariable(datasource())
    .withVariable(namespace())
    .withVariable(rollout)
    .withRow(new RowBuilder("Who has the traffic"))
    .withPanel(
      numbers({
        title: "Share of the answers",
        description:
          "What each slot really answered, not what the routes are set to. The two differ for moments after a step.",
        unit: "percent",
        queries: [
          [
            "{{service}}",
            `100 * ${requestRate("service", SLOTS)} / scalar(sum(rate(slipway_inference_requests_total{${SLOTS}}[$__rate_interval])))`,
          ],
        ],
        empty: NO_TRAFFIC,
        span: 12,
      }),
    )
    .withPanel(
      numbers({
        title: "Ready servers",
        description: "Pods of each slot that say they are ready. A slot with none must not get traffic.",
        unit: "none",
        queries: [["{{service}}", `sum by (service) (slipway_server_ready{${SLOTS}})`]],
        empty: "no pods",
        span: 12,
      }),
    )
    .withPanel(
      lines({
        title: "Requests",
        description: "Inference requests a second that each slot answered, refused ones included.",
        unit: "reqps",
        queries: [["{{service}}", requestRate("service", SLOTS)]],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      lines({
        title: "Versions that are loaded",
        description: "Pods that have each model version ready.",
        unit: "none",
        queries: [
          [
            "{{service}} {{model}}/{{version}}",
            `sum by (service, model, version) (slipway_model_ready{${SLOTS}})`,
          ],
        ],
        empty: "no models",
      }),
    )
    .withRow(new RowBuilder("How each slot does"))
    .withPanel(
      lines({
        title: "Errors",
        description:
          "Share of requests that failed by the server's fault: what the gate `errorRate` judges. A client's mistake does not count.",
        unit: "percent",
        queries: [["{{service}}", errorPercent("service", SLOTS)]],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      lines({
        title: "Latency, p99 and p50",
        description:
          "From a request's body being there to its answer being handed to the socket: what the gate `latency` judges. Of a slot with a small share, p99 is made of few requests.",
        unit: "s",
        queries: [
          ["{{service}} p99", quantile(0.99, DURATION, "service", SLOTS)],
          ["{{service}} p50", quantile(0.5, DURATION, "service", SLOTS)],
        ],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      lines({
        title: "Time in the model",
        description:
          "The part of onnxruntime in a run, on average. Where this differs, the model does; where only the latency differs, waiting does.",
        unit: "s",
        queries: [["{{service}}", mean("slipway_inference_compute_duration_seconds", "service", SLOTS)]],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      lines({
        title: "Waiting requests",
        description: "Requests that wait for a worker. A line that only grows is a slot with too few pods.",
        unit: "none",
        queries: [["{{service}}", `sum by (service) (slipway_inference_pending_requests{${SLOTS}})`]],
        empty: NO_TRAFFIC,
      }),
    )
    .withRow(new RowBuilder("Copied requests (strategy shadow)"))
    .withPanel(
      lines({
        title: "Answers that differ",
        description:
          "Share of the compared requests in which an output differs by more than is allowed: what the gate `comparison` judges.",
        unit: "percent",
        queries: [
          [
            "{{model}}",
            `100 * sum by (model) (rate(slipway_comparison_requests_total{${COMPARATOR},result="different"}[$__rate_interval])) / sum by (model) (rate(slipway_comparison_requests_total{${COMPARATOR}}[$__rate_interval]))`,
          ],
        ],
        empty: NO_SHADOW,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Distance of the distributions",
        description:
          "Kolmogorov–Smirnov: greatest distance of the cumulative distributions, 0 to 1. PSI: population stability index; above 0.2 is commonly called a shift.",
        unit: "short",
        queries: [
          [
            "{{model}} {{output}} KS",
            `max by (model, output) (slipway_comparison_kolmogorov_smirnov{${COMPARATOR}})`,
          ],
          [
            "{{model}} {{output}} PSI",
            `max by (model, output) (slipway_comparison_population_stability{${COMPARATOR}})`,
          ],
        ],
        empty: NO_SHADOW,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Answers without a partner",
        description:
          "Answers a second that could not be compared: the other slot's never came, or room was needed.",
        unit: "cps",
        queries: [
          [
            "{{slot}}, {{reason}}",
            `sum by (slot, reason) (rate(slipway_comparison_unpaired_answers_total{${COMPARATOR}}[$__rate_interval]))`,
          ],
        ],
        empty: NO_SHADOW,
        span: 8,
      }),
    );
}
