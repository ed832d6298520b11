import { DashboardLinkBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { PromQueryFormat } from "@grafana/grafana-foundation-sdk/prometheus";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { DATASOURCE } from "../variables";

/** Units as Grafana names them; a test holds them equal to its list. */
export type Unit =
  | "none"
  | "short"
  | "percent"
  | "percentunit"
  | "reqps"
  | "cps"
  | "s"
  | "h"
  | "bytes"
  | "binBps"
  | "celsius"
  | "watt"
  | "hertz"
  | "dateTimeAsIso";

/** Legend (`{{label}}` is filled in) and PromQL of one line. */
export type Query = readonly [legend: string, promql: string];

/** What every panel has to say. */
export interface PanelSpec {
  readonly title: string;
  /** What the number means, and what to think of it. */
  readonly description: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** What to read where there is no series. */
  readonly empty: string;
  /** Columns of 24. @default 12, and 6 for a number */
  readonly span?: number;
  /** Where a click on a series leads. */
  readonly link?: Link;
}

/** Another page, with what was clicked on in its address. */
export interface Link {
  readonly title: string;
  readonly url: string;
}

/** Rows of Grafana's grid. */
export const HEIGHT = 8;

const refId = (index: number) => String.fromCharCode(65 + index);

/** The panel's queries over its time range. */
export const rangeQueries = ({ queries }: PanelSpec): DataqueryBuilder[] =>
  queries.map(([legend, promql], i) => query(legend, promql, i));

/** The panel's queries as of the end of its time range. */
export const instantQueries = ({ queries }: PanelSpec): DataqueryBuilder[] =>
  queries.map(([legend, promql], i) => query(legend, promql, i).instant());

/** The same with the labels as columns. */
export const tableQueries = ({ queries }: PanelSpec): DataqueryBuilder[] =>
  queries.map(([legend, promql], i) => query(legend, promql, i).instant().format(PromQueryFormat.Table));

/** Cumulative buckets, which Grafana takes apart. */
export const bucketQueries = ({ queries }: PanelSpec): DataqueryBuilder[] =>
  queries.map(([legend, promql], i) => query(legend, promql, i).format(PromQueryFormat.Heatmap));

function query(legend: string, promql: string, index: number): DataqueryBuilder {
  return new DataqueryBuilder().expr(promql).legendFormat(legend).refId(refId(index)).datasource(DATASOURCE);
}

export const linksOf = ({ link }: PanelSpec): DashboardLinkBuilder[] =>
  link === undefined ? [] : [new DashboardLinkBuilder(link.title).url(link.url)];
