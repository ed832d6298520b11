import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { ReduceDataOptionsBuilder } from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { DATASOURCE } from "../variables";
import { instantQueries, linksOf, type PanelSpec } from "./spec";

const STAT_HEIGHT = 4;

/** One number each, as it is now. */
export function numbers(spec: PanelSpec): Builder<Panel> {
  const panel = new Stat()
    .title(spec.title)
    .description(spec.description)
    .unit(spec.unit)
    .noValue(spec.empty)
    .datasource(DATASOURCE)
    .height(STAT_HEIGHT)
    .span(spec.span ?? 6)
    .dataLinks(linksOf(spec))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(["lastNotNull"]));
  for (const query of instantQueries(spec)) panel.withTarget(query);
  return panel;
}
