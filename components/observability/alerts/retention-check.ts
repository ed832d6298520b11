import { durationSeconds } from "../../internal/prometheus-checks";
import type { Problems } from "../../internal/validation";
import { resolveObjectives, type Objectives } from "../../serving/objectives";
import { MONITORING_DEFAULTS, type MonitoringSettings } from "../monitoring-settings";
import { longestLookback } from "./burn-rate";

const DAY = 86_400;

/** Alerts on objectives look back for days: what is no longer kept cannot be counted. Nothing is known of an existing Prometheus. */
export function checkRetention(
  services: readonly { readonly objectives?: Objectives }[],
  { retention = MONITORING_DEFAULTS.retention, existing }: MonitoringSettings,
  problems: Problems,
): void {
  const kept = durationSeconds(retention);
  if (existing || kept === undefined) return;
  services.forEach(({ objectives }, i) => {
    const days = objectives && longestLookback(resolveObjectives(objectives).windowDays);
    // What is no number of days is told with the service.
    if (days === undefined || !Number.isFinite(days)) return;
    problems.check(
      kept >= days * DAY,
      `services[${i}].objectives`,
      `need burn rates over ${days} ${days === 1 ? "day" : "days"}, and \`monitoring.retention\` ("${retention}") keeps less; it must be ${days}d at least`,
    );
  });
}
