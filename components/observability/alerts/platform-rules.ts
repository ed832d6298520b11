import type { ResolvedAlerts } from "./alert-settings";
import { driftAlerts, qualityAlerts, qualityRecords } from "./drift-rules";
import { gpuAlerts } from "./gpu-rules";
import { alerting, ruleGroup, type Alert, type RecordingRule, type RuleGroup } from "./rule";
import { certificateAlerts, gatewayAlerts, serverAlerts } from "./server-rules";
import { ROLLOUT_OF_SLOT } from "./service-scope";

/** Of a gateway's proxies: they can be found by the job of their PodMonitor. */
export interface WatchedProxies {
  readonly namespace: string;
  readonly job: string;
}

/** Seconds between two evaluations: an outage is to be known within two minutes, all else has time. */
const OUTAGE_SECONDS = 15;
const USUAL_SECONDS = 60;

/** What concerns every service, and the platform itself. */
export function platformRules(
  servicesNamespace: string,
  proxies: readonly WatchedProxies[],
  settings: ResolvedAlerts,
): RuleGroup[] {
  const group = (
    name: string,
    seconds: number,
    alerts: readonly Alert[],
    records: readonly RecordingRule[] = [],
  ) =>
    ruleGroup(name, seconds, [
      ...records,
      ...alerts.map((alert) => alerting(alert, settings.runbookBaseUrl)),
    ]);
  /** Tickets say which rollout a slot is of, so that a page about the rollout holds them back. */
  const ofServers = (alerts: readonly Alert[]) =>
    alerts.map((alert) =>
      alert.severity === "ticket" ? { ...alert, labels: { ...alert.labels, ...ROLLOUT_OF_SLOT } } : alert,
    );
  return [
    ...proxies.map(({ namespace, job }, i) =>
      group(`slipway-gateway-${i}`, OUTAGE_SECONDS, gatewayAlerts(job, namespace)),
    ),
    group("slipway-servers", USUAL_SECONDS, ofServers(serverAlerts(servicesNamespace, settings))),
    group("slipway-certificates", USUAL_SECONDS, ofServers(certificateAlerts(settings))),
    group("slipway-gpus", USUAL_SECONDS, gpuAlerts(settings)),
    group("slipway-drift", USUAL_SECONDS, ofServers(driftAlerts(servicesNamespace, settings))),
    group(
      "slipway-quality",
      USUAL_SECONDS,
      ofServers(qualityAlerts(servicesNamespace, settings)),
      qualityRecords(servicesNamespace, settings),
    ),
  ];
}
