import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { TO_DRIFT, dashboard } from "./links";
import { heatmap, lines, states } from "./panels";
import { errorPercent, mean, quantile, rate, requestRate } from "./promql";
import { VERSION_CHOSEN as CHOSEN, datasource, models, namespace, services, versions } from "./variables";

const BY = "model, version";
const LEGEND = "{{model}}/{{version}}";
const NO_TRAFFIC = "no requests";
const PARTS = [
  ["waiting for a worker", "slipway_inference_queue_duration_seconds"],
  ["joining requests", "slipway_inference_assembly_duration_seconds"],
  ["in the model", "slipway_inference_compute_duration_seconds"],
  ["encoding the answer", "slipway_inference_serialisation_duration_seconds"],
] as const;

const total = (metric: string) => `sum(rate(${metric}{${CHOSEN}}[$__rate_interval]))`;

/** Where the time of a model's requests goes. */
export function modelDashboard(): DashboardBuilder {
  return dashboard(
    "model",
    "Model",
    "One model in detail: where the time of its requests goes, batches, cache, loads.",
  )
    .refresh("30s")
    .time({ from: "now-1h", to: "now" })
    .withVariable(datasource())
    .withVariable(namespace())
    .withVariable(services())
    .withVariable(models())
    .withVariable(versions())
    .withRow(new RowBuilder("Requests"))
    .withPanel(
      lines({
        title: "Requests",
        description: "Inference requests a second, refused ones included.",
        unit: "reqps",
        queries: [[LEGEND, requestRate(BY, CHOSEN)]],
        empty: NO_TRAFFIC,
        link: TO_DRIFT,
      }),
    )
    .withPanel(
      lines({
        title: "Errors",
        description: "Share of requests that failed by the server's fault.",
        unit: "percent",
        queries: [[LEGEND, errorPercent(BY, CHOSEN)]],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      lines({
        title: "Latency",
        description: "From a request's body being there to its answer being handed to the socket.",
        unit: "s",
        queries: [0.5, 0.95, 0.99].map(
          (q) =>
            [
              `${LEGEND} p${q * 100}`,
              quantile(q, "slipway_inference_request_duration_seconds", BY, CHOSEN),
            ] as const,
        ),
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      lines({
        title: "Where the time goes",
        description:
          "Mean time of each part of a request, one on top of the other. Waiting grows first where there are too few workers.",
        unit: "s",
        queries: PARTS.map(([legend, metric]) => [legend, mean(metric, "namespace", CHOSEN)] as const),
        empty: NO_TRAFFIC,
        stacked: true,
      }),
    )
    .withPanel(
      heatmap({
        title: "Latency of all requests",
        description:
          "How many requests took how long. Two bands are two kinds of requests, which no quantile tells.",
        unit: "s",
        queries: [
          [
            "{{le}}",
            `sum by (le) (rate(slipway_inference_request_duration_seconds_bucket{${CHOSEN}}[$__rate_interval]))`,
          ],
        ],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      states({
        title: "Versions that can serve",
        description: "Whether each version is ready, in the pod where it is least so.",
        unit: "none",
        queries: [[LEGEND, `min by (${BY}) (slipway_model_ready{${CHOSEN}})`]],
        states: { "0": ["not ready", "red"], "1": ["ready", "green"] },
        empty: "no models",
      }),
    )
    .withRow(new RowBuilder("Batches and queue"))
    .withPanel(
      lines({
        title: "Batch size",
        description:
          "Rows in a run, on average; requests in a run for a model that does not batch, which is 1.",
        unit: "short",
        queries: [[LEGEND, mean("slipway_inference_batch_size", BY, CHOSEN)]],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      lines({
        title: "Waiting and running",
        description: "Requests that wait for a worker, and those that workers run.",
        unit: "none",
        queries: [
          ["waiting", `sum(slipway_inference_pending_requests{${CHOSEN}})`],
          ["running", `sum(slipway_inference_inflight_requests{${CHOSEN}})`],
        ],
        empty: NO_TRAFFIC,
      }),
    )
    .withPanel(
      lines({
        title: "Refused",
        description: "Requests refused with 503, by reason. QueueFull asks for more pods or a longer queue.",
        unit: "reqps",
        queries: [["{{reason}}", rate("slipway_inference_rejected_requests_total", "reason", CHOSEN)]],
        empty: "none were refused",
      }),
    )
    .withPanel(
      lines({
        title: "Response cache",
        description: "Share of requests that the cache answered, for models that have one.",
        unit: "percent",
        queries: [
          [
            "hits",
            `100 * ${total("slipway_cache_hits_total")} / (${total("slipway_cache_hits_total")} + ${total("slipway_cache_misses_total")})`,
          ],
        ],
        empty: "no model has a cache",
        max: 100,
      }),
    )
    .withPanel(
      lines({
        title: "Rows a run that adaptive batching allows",
        description:
          "What batching has settled on for now, for models that let it choose, in the pod that allows most.",
        unit: "none",
        queries: [[LEGEND, `max by (${BY}) (slipway_batching_chosen_max_batch_size{${CHOSEN}})`]],
        empty: "no model batches adaptively",
      }),
    )
    .withPanel(
      lines({
        title: "Time that adaptive batching waits for company",
        description:
          "How long a request may wait for others to join it, for models that let batching choose.",
        unit: "s",
        queries: [[LEGEND, `max by (${BY}) (slipway_batching_chosen_max_queue_delay_seconds{${CHOSEN}})`]],
        empty: "no model batches adaptively",
      }),
    )
    .withRow(new RowBuilder("Loads"))
    .withPanel(
      lines({
        title: "Time to load",
        description: "How long the last load took, by version.",
        unit: "s",
        queries: [[LEGEND, `max by (${BY}) (slipway_model_load_duration_seconds{${CHOSEN}})`]],
        empty: "no models",
      }),
    )
    .withPanel(
      lines({
        title: "Memory of sessions",
        description:
          "Bytes that the sessions of a version are estimated to hold, in the pod that holds most.",
        unit: "bytes",
        queries: [[LEGEND, `max by (${BY}) (slipway_model_memory_bytes{${CHOSEN}})`]],
        empty: "no models",
      }),
    )
    .withPanel(
      lines({
        title: "Cold loads and evictions",
        description:
          "Loads that a request had to wait for, and unloads that made room. Both at once mean a memory budget that is too small.",
        unit: "cps",
        queries: [
          [`${LEGEND} cold loads`, rate("slipway_model_cold_loads_total", BY, CHOSEN)],
          [`${LEGEND} evictions`, rate("slipway_model_evictions_total", BY, CHOSEN)],
        ],
        empty: "none",
      }),
    )
    .withPanel(
      lines({
        title: "Workers that died",
        description:
          "Workers that ended by themselves and were replaced. Anything above 0 is a model or an onnxruntime that crashes.",
        unit: "cps",
        queries: [[LEGEND, rate("slipway_worker_restarts_total", BY, CHOSEN)]],
        empty: "none",
      }),
    );
}
