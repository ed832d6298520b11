import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import {
  GraphDrawStyle,
  LegendDisplayMode,
  LegendPlacement,
  ScaleDistribution,
  ScaleDistributionConfigBuilder,
  SortOrder,
  TooltipDisplayMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as TimeSeries } from "@grafana/grafana-foundation-sdk/timeseries";
import { DATASOURCE } from "../variables";
import { HEIGHT, linksOf, rangeQueries, type PanelSpec } from "./spec";

export interface LinesSpec extends PanelSpec {
  /** Lines on top of each other. @default false */
  readonly stacked?: boolean;
  /** Top of the axis, where there is one. */
  readonly max?: number;
  /** Powers of ten on the axis, for what spans several of them. @default false */
  readonly logarithmic?: boolean;
  /** Colours of lines that mean good or bad, by legend. */
  readonly colors?: Readonly<Record<string, string>>;
  /** Dots instead of lines, for what changes now and then. @default false */
  readonly points?: boolean;
}

/** Lines over time, from 0. */
export function lines(spec: LinesSpec): Builder<Panel> {
  const panel = new TimeSeries()
    .title(spec.title)
    .description(spec.description)
    .unit(spec.unit)
    .noValue(spec.empty)
    .datasource(DATASOURCE)
    .height(HEIGHT)
    .span(spec.span ?? 12)
    .fillOpacity(spec.stacked ? 30 : 8)
    .lineWidth(2)
    .dataLinks(linksOf(spec))
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
  for (const [legend, fixedColor] of Object.entries(spec.colors ?? {}))
    panel.overrideByName(legend, [{ id: "color", value: { mode: "fixed", fixedColor } }]);
  if (spec.logarithmic)
    panel.scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10));
  else panel.min(0);
  if (spec.max !== undefined) panel.max(spec.max);
  if (spec.points) panel.drawStyle(GraphDrawStyle.Points).pointSize(8);
  if (spec.stacked)
    panel.overrideByRegexp(".*", [{ id: "custom.stacking", value: { mode: "normal", group: "A" } }]);
  for (const query of rangeQueries(spec)) panel.withTarget(query);
  return panel;
}
