import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

export { expressionsOf, filledIn } from "../../../dashboards/expressions";

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
