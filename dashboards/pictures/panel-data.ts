import { filledIn, givenValues } from "../expressions";
import type { PrometheusApi, Series, Span } from "./prometheus-api";

/** A panel as it lies in a dashboard's file, as far as a picture shows it. */
export interface CommittedPanel {
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit: string;
      readonly noValue: string;
      readonly max?: number;
      readonly mappings?: readonly { options: Record<string, { text: string; color: string }> }[];
      readonly custom?: { readonly drawStyle?: string; readonly scaleDistribution?: { type: string } };
    };
    readonly overrides: readonly {
      matcher: { id: string; options: string };
      properties: readonly { id: string; value: unknown }[];
    }[];
  };
  readonly options?: { readonly yAxis?: { readonly unit?: string } };
  readonly transformations?: readonly { id: string; options: Record<string, unknown> }[];
  readonly targets?: readonly { expr: string; legendFormat: string; instant?: boolean; format?: string }[];
}

/** A dashboard's file. */
export interface CommittedDashboard {
  readonly title: string;
  readonly panels: readonly CommittedPanel[];
  readonly templating: {
    readonly list: readonly {
      name: string;
      type: string;
      query?: unknown;
      current?: { value?: string | readonly string[] };
    }[];
  };
}

/** A series with the name that the legend gives it. */
export interface NamedSeries extends Series {
  readonly name: string;
  /** Position of its query in the panel. */
  readonly query: number;
}

export interface PanelData {
  readonly panel: CommittedPanel;
  readonly series: readonly NamedSeries[];
}

/** What fills in a dashboard's variables, and Grafana's own. */
export function fillIn(
  dashboard: CommittedDashboard,
  chosen: Readonly<Record<string, string>>,
  { start, end, step }: Span,
): (promql: string) => string {
  const values: Readonly<Record<string, string>> = {
    // Grafana's rule: four looks of Prometheus, or one step and a look.
    __rate_interval: `${Math.ceil(step * 4)}s`,
    __range: `${Math.round(end - start)}s`,
    ...givenValues(dashboard.templating.list),
    ...chosen,
  };
  return (promql) => filledIn(promql, values);
}

/** Asks every query of a panel. */
export async function readPanel(
  api: PrometheusApi,
  panel: CommittedPanel,
  fill: (promql: string) => string,
  span: Span,
): Promise<PanelData> {
  const answers = await Promise.all(
    (panel.targets ?? []).map(async ({ expr, legendFormat, instant }, query) => {
      const promql = fill(expr);
      const series = await (instant ? api.instant(promql, span.end) : api.range(promql, span));
      return series.map((each) => ({ ...each, query, name: legend(legendFormat, each.metric) }));
    }),
  );
  const series = answers.flat().sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { panel, series };
}

const legend = (format: string, labels: Readonly<Record<string, string>>) =>
  format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? "").trim();
