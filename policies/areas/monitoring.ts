import { advisory, type CatalogEntry, mandatory } from "./entry";
import { envoyAccessLogCredentials } from "../rules/monitoring/envoy-access-log-credentials";
import { envoyAccessLog } from "../rules/monitoring/envoy-access-log";
import { prometheusAdminApi } from "../rules/monitoring/prometheus-admin-api";
import { prometheusExposed } from "../rules/monitoring/prometheus-exposed";
import { grafanaAnonymousAccess } from "../rules/monitoring/grafana-anonymous-access";
import { grafanaAdminCredentials } from "../rules/monitoring/grafana-admin-credentials";
import { monitoringIngress } from "../rules/monitoring/monitoring-ingress";
import { envoyAdminAddress } from "../rules/monitoring/envoy-admin-address";
import { monitorSelectsService } from "../rules/monitoring/monitor-selects-service";
import { telemetryTls } from "../rules/monitoring/telemetry-tls";
import { alarmActionsEnabled } from "../rules/monitoring/alarm-actions-enabled";

/** Rules on what watches, and who may look. */
export const monitoring: readonly CatalogEntry[] = [
  advisory(envoyAccessLog),
  mandatory(envoyAccessLogCredentials),
  mandatory(prometheusAdminApi),
  mandatory(prometheusExposed),
  mandatory(grafanaAnonymousAccess),
  mandatory(grafanaAdminCredentials),
  mandatory(monitoringIngress),
  mandatory(envoyAdminAddress),
  advisory(monitorSelectsService),
  advisory(telemetryTls),
  advisory(alarmActionsEnabled),
];
