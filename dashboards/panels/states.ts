import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { VisibilityMode, VizLegendOptionsBuilder } from "@grafana/grafana-foundation-sdk/common";
import { MappingType, type Panel, type ValueMap } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as StateTimeline } from "@grafana/grafana-foundation-sdk/statetimeline";
import { DATASOURCE } from "../variables";
import { HEIGHT, linksOf, rangeQueries, type PanelSpec } from "./spec";

export interface StatesSpec extends PanelSpec {
  /** Text and colour of each value. */
  readonly states: Readonly<Record<string, readonly [text: string, color: string]>>;
}

/** A bar for each series, coloured by what is so at the time. */
export function states(spec: StatesSpec): Builder<Panel> {
  const options = Object.fromEntries(
    Object.entries(spec.states).map(([value, [text, color]], index) => [value, { text, color, index }]),
  );
  const mapping: ValueMap = { type: MappingType.ValueToText, options };
  const panel = new StateTimeline()
    .title(spec.title)
    .description(spec.description)
    .unit(spec.unit)
    .noValue(spec.empty)
    .datasource(DATASOURCE)
    .height(HEIGHT)
    .span(spec.span ?? 12)
    .dataLinks(linksOf(spec))
    .mappings([mapping])
    .showValue(VisibilityMode.Never)
    .legend(new VizLegendOptionsBuilder().showLegend(true));
  for (const query of rangeQueries(spec)) panel.withTarget(query);
  return panel;
}
