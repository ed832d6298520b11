import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { costDashboard } from "./cost";
import { driftDashboard } from "./drift";
import { requirePromql } from "./expressions";
import { fleetDashboard } from "./fleet";
import { gpuDashboard } from "./gpu";
import { modelDashboard } from "./model";
import { rolloutDashboard } from "./rollout";

/** Every dashboard by the name of its file in `components/observability/dashboards/`. */
export const dashboards: Readonly<Record<string, () => Dashboard>> = {
  fleet: () => fleetDashboard().build(),
  model: () => modelDashboard().build(),
  rollout: () => rolloutDashboard().build(),
  gpu: () => gpuDashboard().build(),
  drift: () => driftDashboard().build(),
  cost: () => costDashboard().build(),
};

/**
 * A dashboard as its file holds it.
 * @throws Error where a panel asks for what is not PromQL
 */
export function dashboardJson(name: string, build = dashboards[name]!): string {
  const dashboard = build();
  requirePromql(name, dashboard);
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}
