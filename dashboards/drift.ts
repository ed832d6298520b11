import { type DashboardBuilder, RowBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { dashboard } from "./links";
import { lines, numbers, table } from "./panels";
import { rate } from "./promql";
import { addQuality } from "./quality";
import {
  VERSION_CHOSEN as CHOSEN,
  datasource,
  labelValues,
  models,
  namespace,
  services,
  severalValues,
  versions,
} from "./variables";

const NO_BASELINE = "no version with a baseline: `slipway baseline` makes one";
const NOT_JUDGED = "no window is judged yet: it needs `drift.minSamples` rows";
const FEATURES = `${CHOSEN},feature=~"$feature"`;
const BY_FEATURE = "model, version, feature";
const FEATURE = "{{model}}/{{version}} {{feature}}";

const score = (measure: string) =>
  `max by (${BY_FEATURE}) (slipway_drift_score{${FEATURES},measure="${measure}"})`;

/** Whether a model sees what it was trained on, and whether it is right about it. */
export function driftDashboard(): DashboardBuilder {
  const builder = dashboard(
    "drift",
    "Drift and quality",
    "Whether each version sees what it was trained on, and how right its answers turn out to be. Of several pods, the worst is shown.",
  )
    .refresh("1m")
    .time({ from: "now-6h", to: "now" })
    .withVariable(datasource())
    .withVariable(namespace())
    .withVariable(services())
    .withVariable(models())
    .withVariable(versions())
    .withVariable(
      severalValues("feature", "Feature", `label_values(slipway_drift_score{${CHOSEN}}, feature)`),
    )
    .withVariable(
      labelValues("measure", "Measure", `label_values(slipway_drift_score{${CHOSEN}}, measure)`).current({
        text: "psi",
        value: "psi",
      }),
    )
    .withPanel(
      numbers({
        title: "Features that drifted",
        description:
          "Inputs and outputs that differ from the baseline by more than chance and by more than is allowed.",
        unit: "none",
        queries: [
          ["drifted", `sum(max by (model, version) (slipway_drift_features{${CHOSEN},state="drifted"}))`],
        ],
        empty: NO_BASELINE,
      }),
    )
    .withPanel(
      numbers({
        title: "Largest score",
        description:
          "Of the chosen features, by the chosen measure. For PSI, 0.1 is commonly called a change and 0.2 a shift.",
        unit: "short",
        queries: [["score", `max(slipway_drift_score{${FEATURES},measure="$measure"})`]],
        empty: NOT_JUDGED,
      }),
    )
    .withPanel(
      numbers({
        title: "Rows in the last window",
        description: "Rows that the last judgement is made of, in the pod with fewest.",
        unit: "short",
        queries: [["rows", `min(slipway_drift_window_rows{${CHOSEN}})`]],
        empty: NO_BASELINE,
      }),
    )
    .withPanel(
      numbers({
        title: "Last judged",
        description:
          "How long ago the last window was judged, in the pod where it is longest. Without requests nothing is judged.",
        unit: "s",
        queries: [["ago", `time() - min(slipway_drift_last_judged_timestamp_seconds{${CHOSEN}} > 0)`]],
        empty: NOT_JUDGED,
      }),
    )
    .withRow(new RowBuilder("Drift"))
    .withPanel(
      lines({
        title: "Score by feature",
        description:
          "Distance of what is seen from the baseline, by the chosen measure. Wasserstein's is in standard deviations of the baseline; the others have no unit.",
        unit: "short",
        queries: [[FEATURE, `max by (${BY_FEATURE}) (slipway_drift_score{${FEATURES},measure="$measure"})`]],
        empty: NOT_JUDGED,
      }),
    )
    .withPanel(
      lines({
        title: "Probability that it is chance",
        description:
          "The p-value of each feature, corrected for there being many (Benjamini–Hochberg). Small means that chance does not explain the difference; it does not mean that the difference is large.",
        unit: "none",
        queries: [[FEATURE, `min by (${BY_FEATURE}) (slipway_drift_p_value{${FEATURES}})`]],
        empty: NOT_JUDGED,
        max: 1,
      }),
    )
    .withPanel(
      table({
        title: "Features now",
        description:
          "Every measure of each feature, the most drifted on top. Open by model with the variables above.",
        unit: "short",
        queries: [
          ["PSI", score("psi")],
          ["Jensen–Shannon", score("jensen_shannon")],
          ["Kolmogorov–Smirnov", score("kolmogorov_smirnov")],
          ["Wasserstein", score("wasserstein")],
          ["p-value", `min by (${BY_FEATURE}) (slipway_drift_p_value{${FEATURES}})`],
          ["Missing", `max by (${BY_FEATURE}) (slipway_drift_missing_ratio{${FEATURES}})`],
        ],
        columns: { model: "Model", version: "Version", feature: "Feature" },
        units: { Missing: "percentunit" },
        empty: NOT_JUDGED,
        span: 24,
      }),
    )
    .withPanel(
      lines({
        title: "Features by state",
        description: "Features that drifted, that are stable, and that have too few rows to say.",
        unit: "none",
        queries: [
          [
            "{{state}}",
            `sum by (state) (max by (model, version, state) (slipway_drift_features{${CHOSEN}}))`,
          ],
        ],
        empty: NO_BASELINE,
        colors: { drifted: "orange", stable: "green", insufficient: "yellow" },
        stacked: true,
      }),
    )
    .withPanel(
      lines({
        title: "Missing values",
        description:
          "Share of rows without the feature: NaN, or an empty text. A source that broke shows here first.",
        unit: "percentunit",
        queries: [[FEATURE, `max by (${BY_FEATURE}) (slipway_drift_missing_ratio{${FEATURES}})`]],
        empty: NOT_JUDGED,
        max: 1,
      }),
    )
    .withPanel(
      lines({
        title: "Rows summarised",
        description:
          "Rows a second that are looked at. Fewer than are served where `drift.maxRowsPerSecond` takes a sample.",
        unit: "cps",
        queries: [["{{model}}/{{version}}", rate("slipway_drift_rows_total", "model, version", CHOSEN)]],
        empty: NO_BASELINE,
      }),
    )
    .withPanel(
      lines({
        title: "Outliers",
        description:
          "Requests a second with a value that the training data has nothing like, for models that ask for it with `drift.outliers`.",
        unit: "cps",
        queries: [["{{model}}/{{version}}", rate("slipway_drift_outliers_total", "model, version", CHOSEN)]],
        empty: "no model looks for outliers",
      }),
    );
  return addQuality(builder);
}
