import type { Builder } from "@grafana/grafana-foundation-sdk/cog";
import { TableSortByFieldStateBuilder } from "@grafana/grafana-foundation-sdk/common";
import type { Panel } from "@grafana/grafana-foundation-sdk/dashboard";
import { PanelBuilder as Table } from "@grafana/grafana-foundation-sdk/table";
import { DATASOURCE } from "../variables";
import { HEIGHT, linksOf, tableQueries, type PanelSpec, type Unit } from "./spec";

export interface TableSpec extends PanelSpec {
  /** Labels that are columns, in this order, with their heading. Rows with the same labels are one. */
  readonly columns: Readonly<Record<string, string>>;
  /** Units of queries that differ from the panel's, by legend. */
  readonly units?: Readonly<Record<string, Unit>>;
}

/** What is so now, a row for each set of labels and a column for each query, the greatest of the first query on top. */
export function table(spec: TableSpec): Builder<Panel> {
  const names = Object.keys(spec.columns);
  const headings = spec.queries.map(([legend]) => legend);
  const values = headings.map((_, i) => valueColumn(i, headings.length));
  const panel = new Table()
    .title(spec.title)
    .description(spec.description)
    .unit(spec.unit)
    .noValue(spec.empty)
    .datasource(DATASOURCE)
    .height(HEIGHT)
    .span(spec.span ?? 12)
    .dataLinks(linksOf(spec))
    .sortBy([new TableSortByFieldStateBuilder().displayName(headings[0]!).desc(true)])
    .withTransformation({ id: "merge", options: {} })
    .withTransformation({
      id: "filterFieldsByName",
      options: { include: { names: [...names, ...values] } },
    })
    .withTransformation({
      id: "organize",
      options: {
        indexByName: Object.fromEntries([...names, ...values].map((name, i) => [name, i])),
        renameByName: {
          ...spec.columns,
          ...Object.fromEntries(values.map((value, i) => [value, headings[i]!])),
        },
      },
    });
  for (const [heading, unit] of Object.entries(spec.units ?? {}))
    panel.overrideByName(heading, [{ id: "unit", value: unit }]);
  for (const query of tableQueries(spec)) panel.withTarget(query);
  return panel;
}

/** Grafana numbers the columns of values where there are several queries. */
const valueColumn = (index: number, queries: number) =>
  queries === 1 ? "Value" : `Value #${String.fromCharCode(65 + index)}`;
