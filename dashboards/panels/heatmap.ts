import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder as Heatmap,
  YAxisConfigBuilder,
} from "@grafana/grafana-foundation-sdk/heatmap";
import { DATASOURCE } from "../variables";
import { HEIGHT, bucketQueries, type PanelSpec } from "./spec";

/** How often each bucket of a histogram was hit, over time; the query gives cumulative buckets by `le`. */
export function heatmap(spec: PanelSpec): Builder<Panel> {
  const panel = new Heatmap()
    .title(spec.title)
    .description(spec.description)
    .unit("cps")
    .noValue(spec.empty)
    .datasource(DATASOURCE)
    .height(HEIGHT)
    .span(spec.span ?? 12)
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme("Blues").steps(32))
    .yAxis(new YAxisConfigBuilder().unit(spec.unit));
  for (const query of bucketQueries(spec)) panel.withTarget(query);
  return panel;
}
