import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  LegendDisplayMode,
  LegendPlacement,
  TooltipDisplayMode,
  SortOrder,
} from "@grafana/grafana-foundation-sdk/common";
import {
  ReduceDataOptionsBuilder,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeSeries } from "@grafana/grafana-foundation-sdk/timeseries";
import { DATASOURCE } from "./variables";

/** Units as Grafana names them. */
export type Unit = "reqps" | "percent" | "s" | "bytes" | "short" | "none" | "percentunit" | "cps";

/** What a panel shows. */
export interface PanelSpec {
  readonly title: string;
  /** What the number means, and what to think of it. */
  readonly description: string;
  readonly unit: Unit;
  /** Legend (`{{label}}` is filled in) and PromQL of each line. */
  readonly queries: readonly (readonly [legend: string, promql: string])[];
  /** What to read where there is no series. */
  readonly empty: string;
  /** Columns of 24. @default 12 */
  readonly span?: number;
  /** Lines on top of each other. @default false */
  readonly stacked?: boolean;
  /** Top of the axis, where there is one. */
  readonly max?: number;
}

const HEIGHT = 8;
const STAT_HEIGHT = 4;

/** Lines over time, from 0. */
export function lines({
  title,
  description,
  unit,
  queries,
  empty,
  span = 12,
  stacked,
  max,
}: PanelSpec): Builder<Panel> {
  const panel = new TimeSeries()
    .title(title)
    .description(description)
    .unit(unit)
    .min(0)
    .noValue(empty)
    .datasource(DATASOURCE)
    .height(HEIGHT)
    .span(span)
    .fillOpacity(stacked ? 30 : 8)
    .lineWidth(2)
    .legend(
      new VizLegendOptionsBuilder()
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(["lastNotNull", "max"]),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .overrideByRegexp(".*blue.*", [{ id: "color", value: { mode: "fixed", fixedColor: "blue" } }])
    .overrideByRegexp(".*green.*", [{ id: "color", value: { mode: "fixed", fixedColor: "green" } }]);
  if (max !== undefined) panel.max(max);
  if (stacked)
    panel.overrideByRegexp(".*", [{ id: "custom.stacking", value: { mode: "normal", group: "A" } }]);
  queries.forEach(([legend, promql], i) => panel.withTarget(query(legend, promql, i)));
  return panel;
}

/** One number each, as it is now. */
export function numbers({ title, description, unit, queries, empty, span = 6 }: PanelSpec): Builder<Panel> {
  const panel = new Stat()
    .title(title)
    .description(description)
    .unit(unit)
    .noValue(empty)
    .datasource(DATASOURCE)
    .height(STAT_HEIGHT)
    .span(span)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
  queries.forEach(([legend, promql], i) => panel.withTarget(query(legend, promql, i).instant()));
  return panel;
}

function query(legend: string, promql: string, index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .expr(promql)
    .legendFormat(legend)
    .refId(String.fromCharCode(65 + index))
    .datasource(DATASOURCE);
}
