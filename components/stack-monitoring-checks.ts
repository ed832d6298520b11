import { SLOTS } from "../rollout/declaration";
import type { Problems } from "./internal/validation";
import { ACCESS_HOSTS } from "./observability/monitoring-access-settings";
import {
  EXISTING_DEFAULTS,
  type ExistingPrometheus,
  type MonitoringSettings,
} from "./observability/monitoring-settings";
import type { ServiceSettings } from "./serving/service-settings";
import type { RolloutSettings } from "./traffic/rollout-settings";

interface MonitoredService extends Pick<ServiceSettings, "scaling"> {
  readonly name: string;
  readonly rollout?: RolloutSettings;
}

interface MonitoredStack {
  readonly services: readonly MonitoredService[];
  readonly namespace: string;
  readonly monitoringNamespace?: string;
}

/** What monitoring must not have in common with the rest. */
export function checkMonitoring(
  { services, monitoringNamespace, namespace }: MonitoredStack,
  { existing, access }: MonitoringSettings,
  problems: Problems,
): void {
  if (existing) {
    problems.check(
      monitoringNamespace === undefined,
      "monitoringNamespace",
      "cannot be given beside `monitoring.existing`, which has a namespace",
    );
    problems.check(
      existing.namespace !== namespace,
      "monitoring.existing.namespace",
      `"${existing.namespace}" is the stack's own namespace, in which no other pods may be reached`,
    );
    services.forEach((service, i) => checkReaders(service, existing, `services[${i}]`, problems));
  }
  if (access === undefined) return;
  services.forEach(({ name }, i) => {
    const taken: readonly string[] = ACCESS_HOSTS;
    problems.check(
      !taken.includes(name),
      `services[${i}].name`,
      `"${name}" is the first part of a host that \`monitoring.access\` has: ${ACCESS_HOSTS.join(", ")}`,
    );
  });
}

/** Those who ask Prometheus look for the stack's own unless they are told where another is. */
function checkReaders(
  { scaling, rollout }: MonitoredService,
  { namespace, service = EXISTING_DEFAULTS.service, port = EXISTING_DEFAULTS.port }: ExistingPrometheus,
  path: string,
  problems: Problems,
): void {
  const remedy = `must be given beside \`monitoring.existing\`, as in "http://${service}.${namespace}:${port}"`;
  const scalings = [
    ["scaling", scaling] as const,
    ...SLOTS.map((slot) => [`rollout.slots.${slot}.scaling`, rollout?.slots[slot]?.scaling] as const),
  ];
  for (const [field, given] of scalings) {
    const asks = given !== undefined && "via" in given && given.via === "keda";
    if (asks && given.prometheusUrl === undefined) problems.add(`${path}.${field}.prometheusUrl`, remedy);
  }
  if (rollout?.driver === "flagger" && rollout.flagger?.prometheusUrl === undefined)
    problems.add(`${path}.rollout.flagger.prometheusUrl`, remedy);
}
