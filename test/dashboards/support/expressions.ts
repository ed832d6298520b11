import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

/** A panel of a dashboard, as far as tests look at it. */
export interface DashboardPanel {
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos?: { x: number; y: number; w: number; h: number };
  readonly fieldConfig?: { defaults?: { unit?: string; noValue?: string; custom?: object } };
  readonly options?: object;
  readonly targets?: readonly { expr: string; legendFormat?: string }[];
}

export const panelsOf = (dashboard: Dashboard): DashboardPanel[] =>
  (dashboard.panels ?? []) as DashboardPanel[];

/** Those that show something. */
export const chartsOf = (dashboard: Dashboard): DashboardPanel[] =>
  panelsOf(dashboard).filter(({ type }) => type !== "row");

/** A PromQL expression of a panel; every variable that has a value of its own is filled in. */
export interface Expression {
  readonly panel: string;
  readonly expr: string;
}

/** Every PromQL expression with the title of its panel. */
export function expressionsOf(dashboard: Dashboard): Expression[] {
  const given = givenValues(dashboard);
  return chartsOf(dashboard).flatMap(({ title = "", targets = [] }) =>
    targets.map(({ expr }) => ({
      panel: title,
      expr: Object.entries(given).reduce((text, [name, value]) => text.replaceAll(`$${name}`, value), expr),
    })),
  );
}

/** Variables that are more than a choice among labels: texts, and choices that are made beforehand. */
function givenValues(dashboard: Dashboard): Record<string, string> {
  const values = (dashboard.templating?.list ?? []).map(({ type, name, query, current }) => {
    const value = type === "textbox" ? query : current?.value;
    return [name, typeof value === "string" ? value : ""] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}

const INTERVALS = { __rate_interval: "1m", __range: "1h" };

/** As Grafana sends it, with these variables; those that are not given match everything. */
export function filledIn(expr: string, variables: Readonly<Record<string, string>>): string {
  const values: Readonly<Record<string, string>> = { ...INTERVALS, ...variables };
  return expr.replace(/\$([a-z_]+)/g, (_, name: string) => values[name] ?? ".+");
}
