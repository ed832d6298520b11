import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

/** A panel of a dashboard, as far as tests look at it. */
export interface DashboardPanel {
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos?: { x: number; y: number; w: number; h: number };
  readonly fieldConfig?: { defaults?: { unit?: string; noValue?: string } };
  readonly targets?: readonly { expr: string; legendFormat?: string }[];
}

/** Every PromQL expression with the title of its panel. */
export function expressionsOf(dashboard: Dashboard): { panel: string; expr: string }[] {
  const panels = (dashboard.panels ?? []) as DashboardPanel[];
  return panels.flatMap(({ title = "", targets = [] }) =>
    targets.map(({ expr }) => ({ panel: title, expr })),
  );
}

const INTERVAL = { __rate_interval: "1m" };

/** As Grafana sends it, with these variables; those that are not given match everything. */
export function filledIn(expr: string, variables: Readonly<Record<string, string>>): string {
  const values: Readonly<Record<string, string>> = { ...INTERVAL, ...variables };
  return expr.replace(/\$([a-z_]+)/g, (_, name: string) => values[name] ?? ".+");
}
