import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { costDashboard } from "./cost";
import { driftDashboard } from "./drift";
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

/** A dashboard as its file holds it. */
export const dashboardJson = (name: string): string => `${JSON.stringify(dashboards[name]!(), null, 2)}\n`;
