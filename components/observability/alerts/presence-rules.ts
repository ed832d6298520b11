import { METRIC } from "../../../runtime/contract";
import { alerting, recording, ruleGroup, selector, type RuleGroup } from "./rule";
import { ownLabels, rolloutLabel, type ServiceScope } from "./service-scope";

/** Short: an outage is to be known within two minutes. */
export const PRESENCE_SECONDS = 15;

/**
 * Pods that a server has at least, as the program declared it. Prometheus asks pods that have an address and knows of no others; this
 * is what the platform's rules count them against, and what dashboards know a rollout's slots by (label `rollout`).
 */
export const LEAST_SERVERS = "service:slipway_servers:minimum";

/** Somebody is woken where nobody serves at all: no server of the service is there, or a model that was served is not any more. */
export function presenceRules(scope: ServiceScope, runbookBaseUrl: string): RuleGroup[] {
  // Asleep it is not missing.
  if (scope.mayWait) return [];
  const server = selector({ namespace: scope.namespace, service: scope.servers });
  const ready = `max by (model) (${METRIC.modelReady}${server})`;
  // Not a model that has never been ready: it is loading for the first time, and no request depends on it yet. An hour, because
  // every pod's series of every model is read; what fires goes on firing by itself.
  const before = `max by (model) (max_over_time(${METRIC.modelReady}${server}[1h])) == 1`;
  const already = `max by (model) (ALERTS${selector({ alertname: "SlipwayModelNotReady", alertstate: "firing", severity: "page", ...ownLabels(scope) })}) == 1`;
  const least = Object.entries(scope.minimums ?? {})
    .filter(([, pods]) => pods > 0)
    .map(([service, pods]) =>
      recording(LEAST_SERVERS, `vector(${pods})`, {
        namespace: scope.namespace,
        service,
        ...rolloutLabel(scope),
      }),
    );
  return [
    ruleGroup(`slipway-${scope.service}-presence`, PRESENCE_SECONDS, [
      ...least,
      alerting(
        {
          name: "SlipwayTargetMissing",
          severity: "page",
          expr: `absent(up${server} == 1)`,
          for: "1m",
          labels: { ...ownLabels(scope), ...rolloutLabel(scope) },
          summary: `${scope.service}: none of its servers answers Prometheus`,
          description: `The service ${scope.namespace}/${scope.service} has no server, or none that can be reached: requests to it fail.`,
        },
        runbookBaseUrl,
      ),
      alerting(
        {
          name: "SlipwayModelNotReady",
          severity: "page",
          expr: `${ready} == 0 and on (model) (${before} or ${already})`,
          for: "1m",
          labels: { ...ownLabels(scope), ...rolloutLabel(scope) },
          summary: `${scope.service}: no server serves {{ $labels.model }}`,
          description: `No server of ${scope.namespace}/${scope.service} has the model {{ $labels.model }} ready, which was served within the hour before: requests to it fail.`,
        },
        runbookBaseUrl,
      ),
    ]),
  ];
}
