import type * as pulumi from "@pulumi/pulumi";
import { alertmanagerPodLabels } from "../internal/alertmanager";
import { covers, routeMatchers } from "../internal/alertmanager-matchers";
import type { Peer } from "../internal/network-policy";
import type { Problems } from "../internal/validation";
import type { AlertReceiver, AlertRoute, AlertingSettings } from "./alertmanager-settings";
import { Monitoring } from "./monitoring";
import type { MonitoringSettings } from "./monitoring-settings";
import type { RetrainingTriggerArgs } from "./retraining-trigger";
import { resolveRetraining } from "./retraining-trigger-checks";
import { RETRAINING_DEFAULTS } from "./retraining-trigger-settings";

/** What has models trained again when alerts of the stack say so: what the stack does not know itself. */
export type StackRetraining = Omit<
  RetrainingTriggerArgs,
  "namespace" | "image" | "alertmanagers" | "scrapers"
>;

/** Name of a stack's trigger, and of the receiver that it is to Alertmanager. */
export const RETRAINING_NAME = "retraining";

interface RetrainingStack {
  readonly services: readonly { readonly name: string }[];
  readonly monitoring?: Monitoring | MonitoringSettings | false;
}

/** The pods of a Monitoring's Alertmanager. */
export function alertmanagerOf(monitoring: string, namespace: pulumi.Input<string>): Peer {
  return { namespace, podLabels: alertmanagerPodLabels(monitoring) };
}

/** Records what is wrong with a stack's trigger, and what it lacks to be called at all. */
export function checkStackRetraining(
  retraining: StackRetraining,
  { image, services, monitoring = {} }: RetrainingStack & { readonly image: string },
  problems: Problems,
): void {
  const path = "retraining";
  const alertmanagers = [alertmanagerOf("prometheus", "monitoring")];
  problems.absorb(path, () => resolveRetraining(RETRAINING_NAME, { ...retraining, image, alertmanagers }));
  const why = missingAlertmanager(monitoring);
  if (why) problems.add(path, `needs an Alertmanager of the stack's own, which calls it: ${why}`);
  services.forEach(({ name }, i) =>
    problems.check(
      name !== RETRAINING_NAME,
      `services[${i}].name`,
      `"${name}" is the name of the stack's own trigger, which \`retraining\` asks for`,
    ),
  );
  if (why || monitoring === false || monitoring instanceof Monitoring || !monitoring.alerting) return;
  problems.check(
    !Object.hasOwn(monitoring.alerting.receivers ?? {}, RETRAINING_NAME),
    `monitoring.alerting.receivers.${RETRAINING_NAME}`,
    "is the stack's own trigger, which `retraining` asks for: another name must be chosen",
  );
}

function missingAlertmanager(monitoring: Monitoring | MonitoringSettings | false): string | undefined {
  if (monitoring === false) return "`monitoring` is false";
  if (monitoring instanceof Monitoring)
    return "`monitoring` is there already; give a RetrainingTrigger's `receiver` to it where it is made";
  if (monitoring.existing)
    return "that of `monitoring.existing` is set up where it was made; a RetrainingTrigger of its own names its pods";
  if (monitoring.alerting === false) return "`monitoring.alerting` is false";
  return undefined;
}

/**
 * Alertmanager's settings with the trigger among the receivers, before all others, who are told besides; `receiver` also of an alert
 * that routes took which continue. Without others it is told of everything and passes over what is not its own.
 */
export function alertingWith(
  alerting: AlertingSettings,
  trigger: AlertReceiver,
  alerts: StackRetraining["alerts"] = RETRAINING_DEFAULTS.alerts,
): AlertingSettings {
  const people = alerting.receivers ?? {};
  const [only, ...others] = Object.keys(people);
  const receivers = { ...people, [RETRAINING_NAME]: trigger };
  if (only === undefined) return { ...alerting, receivers };
  const matchers = [`alertname=~"${alerts.includes("*") ? ".+" : alerts.join("|")}"`];
  const first: AlertRoute = { receiver: RETRAINING_NAME, matchers, continue: true };
  const receiver = alerting.receiver ?? (others.length === 0 ? only : undefined);
  const routes = alerting.routes ?? [];
  // Alertmanager leaves `receiver` out of what any route has taken, one that continues too: it needs a route of its own then.
  const isTaken = routes.some(
    (route) => !route.continue && covers(routeMatchers(route), routeMatchers({ matchers })),
  );
  const last = receiver === undefined || isTaken ? [] : [{ receiver, matchers }];
  return { ...alerting, receivers, receiver, routes: [first, ...routes, ...last] };
}
