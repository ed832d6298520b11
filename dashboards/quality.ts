import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { lines } from "./panels";
import { rate } from "./promql";
import { MODEL_CHOSEN, VERSION_CHOSEN as CHOSEN, labelValues } from "./variables";

const NO_FEEDBACK = "no feedback yet: POST /v2/models/MODEL/feedback";
const NO_SEGMENTS = "no feedback that says a segment";
const SHARES = "accuracy|precision|recall|f1|roc_auc";
const ERRORS = "rmse|mae";
const VERSION = "{{model}}/{{version}} {{metric}}";

/** The mean of the pods by their samples: one that has just started knows a few only. */
const quality = (metrics: string, segment: string) => {
  const value = `slipway_quality{${CHOSEN},metric=~"${metrics}",${segment}}`;
  const pod = "namespace, service, pod, model, version, segment";
  const samples = `on (${pod}) group_left () max by (${pod}) (slipway_quality_samples{${CHOSEN}})`;
  const over = (expr: string) => `sum by (model, version, metric, segment) (${expr})`;
  return `${over(`${value} * ${samples}`)} / ${over(`0 * ${value} + ${samples}`)}`;
};

/** How right the answers were, as far as the truth has come in. */
export function addQuality(builder: DashboardBuilder): DashboardBuilder {
  return builder
    .withVariable(
      labelValues("quality", "Quality", `label_values(slipway_quality{${CHOSEN}}, metric)`)
        .regex(`/${SHARES}/`)
        .current({ text: "accuracy", value: "accuracy" }),
    )
    .withRow(new RowBuilder("Quality, as far as the truth is known"))
    .withPanel(
      lines({
        title: "Quality by version",
        description:
          "Of classifiers: accuracy, precision, recall, F1 and the area under the ROC curve, of the answers whose truth has come in; the mean of the pods, by how many each has.",
        unit: "percentunit",
        queries: [[VERSION, quality(SHARES, 'segment="all"')]],
        empty: NO_FEEDBACK,
        max: 1,
      }),
    )
    .withPanel(
      lines({
        title: "Calibration error",
        description:
          "How far the probabilities that a classifier gives are from how often it is right, on average. 0.1 means that what it is 90 % sure of is right 80 % of the time, or 100 %.",
        unit: "percentunit",
        queries: [[VERSION, quality("calibration_error", 'segment="all"')]],
        empty: NO_FEEDBACK,
      }),
    )
    .withPanel(
      lines({
        title: "Error of numbers",
        description:
          "Of regressions: root mean squared and mean absolute error, in the unit of the output. Where the first is far above the second, few answers are very wrong.",
        unit: "short",
        queries: [[VERSION, quality(ERRORS, 'segment="all"')]],
        empty: "no feedback with numbers yet",
      }),
    )
    .withPanel(
      lines({
        title: "Quality by segment",
        description:
          "The chosen share for each segment that feedback names. A version may be better on the whole and worse for some.",
        unit: "percentunit",
        queries: [["{{model}}/{{version}} {{segment}} {{metric}}", quality("$quality", 'segment!="all"')]],
        empty: NO_SEGMENTS,
        max: 1,
      }),
    )
    .withPanel(
      lines({
        title: "Error by segment",
        description: "Root mean squared and mean absolute error for each segment that feedback names.",
        unit: "short",
        queries: [["{{model}}/{{version}} {{segment}} {{metric}}", quality(ERRORS, 'segment!="all"')]],
        empty: NO_SEGMENTS,
      }),
    )
    .withPanel(
      lines({
        title: "Samples",
        description:
          "Answers with their truth that the numbers above are made of. Of a few hundred, a percent is noise.",
        unit: "short",
        queries: [
          [
            "{{model}}/{{version}} {{segment}}",
            `sum by (model, version, segment) (slipway_quality_samples{${CHOSEN}})`,
          ],
        ],
        empty: NO_FEEDBACK,
      }),
    )
    .withRow(new RowBuilder("Feedback"))
    .withPanel(
      lines({
        title: "Feedback by outcome",
        description:
          "Truths a second that found their answer, came twice, could not be used, or came too late for an answer to be remembered (unmatched).",
        unit: "cps",
        queries: [["{{outcome}}", rate("slipway_feedback_total", "outcome", MODEL_CHOSEN)]],
        empty: NO_FEEDBACK,
        colors: { matched: "green", unmatched: "yellow", duplicate: "blue", invalid: "red" },
        stacked: true,
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Waiting for truth",
        description: "Answers that are remembered until their truth comes in, of all versions of a model.",
        unit: "short",
        queries: [["{{model}}", `sum by (model) (slipway_feedback_waiting{${MODEL_CHOSEN}})`]],
        empty: "no model takes feedback",
        span: 8,
      }),
    )
    .withPanel(
      lines({
        title: "Retraining webhooks",
        description: "Calls that asked for a new model: delivered, left out as one was under way, or failed.",
        unit: "cps",
        queries: [
          ["{{outcome}}", "sum by (outcome) (rate(slipway_retraining_webhooks_total[$__rate_interval]))"],
        ],
        empty: "none was sent",
        colors: { delivered: "green", duplicate: "blue", failed: "red" },
        span: 8,
      }),
    );
}
